// Sets the colour scheme before the first paint; a file of its own because the CSP forbids inline scripts.
;(function () {
  var scheme = 'auto'
  try {
    scheme = localStorage.getItem('interpos-color-scheme') || 'auto'
  } catch {
    // Storage may be closed; the system's scheme is right then.
  }
  var dark =
    scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
