const sources = import.meta.glob<string>(
  ['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}', '!../**/*.d.ts', '!../model/kinds.ts', '!./*'],
  { eager: true, query: '?raw', import: 'default' },
)

// Keys stand in the sources as texts, or as templates such as `kind.${kind}`.
const literal = /'([\w.:]+)'|"([\w.:]+)"|`((?:[\w.:]|\$\{[^{}`]*\})+)`/g

const found = Object.values(sources).flatMap((source) =>
  [...source.matchAll(literal)].map(
    ([, single, double, template]) => single ?? double ?? template!,
  ),
)

const withoutPlaces = (text: string) => text.replaceAll(/\$\{[^}]*\}/g, '')
const whole = new Set(found)
// A template of places alone would stand for every key.
const templates = found
  .filter((text) => text.includes('${') && /[a-z_]\.|\.[a-z_]/.test(withoutPlaces(text)))
  .map((text) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[^.]+')}$`))

// Only the server's letters and files have these; Go holds them against what it writes.
const ofServer = /^mail:|^common:deleted_name$|^report:column\.(hour|id)$/

/** Whether a key of the texts is asked for somewhere in the sources. */
export const isUsed = (namespace: string, key: string): boolean =>
  ofServer.test(`${namespace}:${key}`) ||
  [key, `${namespace}:${key}`].some(
    (name) => whole.has(name) || templates.some((template) => template.test(name)),
  )
