/** The commands that a technician runs at the venue. They stay the same in every language. */
export const agentInitCommand = (syncKey: string) =>
  `agent init --url ${location.origin} --key ${syncKey} --config agent.yaml`

/** Checks the mapping of the local database before the first synchronization. */
export const agentCheckCommand = 'agent check-mapping --config agent.yaml'

/** Starts the synchronization. */
export const agentSyncCommand = 'agent sync --config agent.yaml'

/** The page that says how to write a mapping, and what to do afterwards. */
export const agentGuide = (language: string) =>
  language === 'ru' ? '/docs/agent.ru' : '/docs/agent'
