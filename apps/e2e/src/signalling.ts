import { DisconnectReason, LeaveRequest, LeaveRequest_Action, SignalResponse } from '@livekit/protocol'
import type { Page, WebSocketRoute } from '@playwright/test'

/** What a page's LiveKit server tells it, in a test's hands. */
export class Signalling {
  /** Kinds of messages that are kept from the page from now on. */
  readonly withheld = new Set<SignalResponse['message']['case']>()
  #socket: WebSocketRoute | undefined

  /** To be called before the page joins. */
  async intercept(page: Page): Promise<void> {
    await page.routeWebSocket(/\/rtc(\/v1)?\?/, (socket) => {
      this.#socket = socket
      socket.connectToServer().onMessage((data) => {
        const bytes = typeof data === 'string' ? undefined : data
        if (bytes && this.withheld.has(SignalResponse.fromBinary(bytes).message.case)) return
        socket.send(data)
      })
    })
  }

  /** Tells the page to start a new session, as a server does whose session with it is lost. */
  loseSession(): void {
    const value = new LeaveRequest({
      reason: DisconnectReason.STATE_MISMATCH,
      action: LeaveRequest_Action.RECONNECT,
      canReconnect: true,
    })
    if (!this.#socket) throw new Error('the page has not joined')
    this.#socket.send(Buffer.from(new SignalResponse({ message: { case: 'leave', value } }).toBinary()))
  }
}
