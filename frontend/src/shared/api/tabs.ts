type Message =
  { type: 'grant'; grant: { token: string; expiresAt: number } } | { type: 'signed-out' }

// Reaches the other tabs of this origin only, and nothing is stored.
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('interpos-session') : null

/** Tells the other tabs. */
export function announceToTabs(message: Message): void {
  channel?.postMessage(message)
}

/** Calls the listener for what the other tabs tell. */
export function onAnnouncement(listener: (message: Message) => void): void {
  channel?.addEventListener('message', (event: MessageEvent<Message>) => listener(event.data))
}
