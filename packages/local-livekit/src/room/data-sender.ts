import type { DataPacket } from '@livekit/protocol'
import type { Participant } from './participant.ts'

/**
 * Writes into a packet who sent it: recipients know that from the server. Of hidden senders they learn no more than a
 * sid that nobody else has; agents may speak for others in chat and text streams.
 * @returns false when no other client is to have the packet
 */
export function asSentBy(packet: DataPacket, sender: Participant): boolean {
  const { sid, isAgent } = sender
  const identity = sender.permission.hidden ? '' : sender.identity
  let speaksFor = identity
  packet.participantSid = sid
  switch (packet.value.case) {
    case 'user': {
      const user = packet.value.value
      user.participantIdentity = identity
      user.participantSid = sender.permission.hidden ? '' : sid
      if (packet.destinationIdentities.length === 0) packet.destinationIdentities = user.destinationIdentities
      else user.destinationIdentities = packet.destinationIdentities
      break
    }
    case 'transcription':
      if (!isAgent) return false
      break
    case 'chatMessage':
      if (isAgent && speaksForAnother(packet, sender)) {
        packet.value.value.generated = true
        speaksFor = packet.participantIdentity
      }
      break
    case 'streamHeader': {
      const { contentHeader } = packet.value.value
      if (isAgent && speaksForAnother(packet, sender) && contentHeader.case === 'textHeader') {
        contentHeader.value.generated = true
        speaksFor = packet.participantIdentity
      }
      break
    }
    // Statistics of the client, for those who may subscribe to metrics: that is not served here
    case 'metrics':
    // Who speaks is the server's to say
    case 'speaker':
      return false
    default:
  }
  packet.participantIdentity = speaksFor
  return true
}

function speaksForAnother(packet: DataPacket, sender: Participant): boolean {
  return packet.participantIdentity !== '' && packet.participantIdentity !== sender.identity
}
