import type { IncomingMessage } from 'node:http'

/**
 * Ends the reading of an answer whose sender says nothing for too long although somebody wants to read on. While the
 * reader holds it up, as a paused player does, it may take as long as it likes: nothing is read then.
 * @param limitMs at least this, at most twice as long
 */
export function endWhenSilent(answer: IncomingMessage, limitMs: number): void {
  const { socket } = answer
  let bytesRead = socket.bytesRead
  const look = (): void => {
    // Who listens to `readable` takes what there is, and is never held up with nothing to take
    const isPaused = answer.isPaused() && answer.listenerCount('readable') === 0
    const isHeldUp = isPaused || answer.readableLength > 0
    if (!isHeldUp && socket.bytesRead === bytesRead) {
      answer.destroy(new Error(`The storage has sent nothing for ${limitMs} ms in the middle of a file.`))
      return
    }
    bytesRead = socket.bytesRead
    // A socket's timeout comes once, and again only when it is set again
    socket.setTimeout(limitMs)
  }
  socket.setTimeout(limitMs)
  socket.on('timeout', look)
  // The connection goes on to serve others
  answer.once('close', () => {
    socket.removeListener('timeout', look)
    socket.setTimeout(0)
  })
}
