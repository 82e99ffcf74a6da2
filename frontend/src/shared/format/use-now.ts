import { useEffect, useState } from 'react'

/** The current moment, renewed every ten seconds, for times that are told as seen from now. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
