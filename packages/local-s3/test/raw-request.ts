import { connect } from 'node:net'

/** Sends bytes as they are and gives back everything the server answers until it closes the connection. */
export async function rawRequest(url: string, request: Buffer | string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  return await new Promise((resolve, reject) => {
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
    socket.on('error', (error) => {
      // A refused client may be cut off in the middle of its sentence
      if (chunks.length > 0) resolve(Buffer.concat(chunks).toString('latin1'))
      else reject(error)
    })
    socket.on('connect', () => socket.write(request))
  })
}
