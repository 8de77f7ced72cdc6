import type { Participant } from '../room/participant.ts'

/** New values; an empty name or metadata leaves the old one, an attribute with an empty value is removed. */
export interface MetadataUpdate {
  readonly name: string
  readonly metadata: string
  readonly attributes: Record<string, string>
}

/**
 * Changes a participant's name, metadata and attributes, also in the claims its next token is made of.
 * @returns whether there was anything to change
 */
export function applyMetadata(participant: Participant, update: MetadataUpdate): boolean {
  const isChange =
    !['', participant.name].includes(update.name) ||
    !['', participant.metadata].includes(update.metadata) ||
    Object.keys(update.attributes).length > 0
  if (update.name !== '') participant.name = update.name
  if (update.metadata !== '') participant.metadata = update.metadata
  const attributes = { ...participant.attributes, ...update.attributes }
  for (const [key, value] of Object.entries(update.attributes)) if (value === '') delete attributes[key]
  participant.attributes = attributes
  const { name, metadata } = participant
  participant.claims = { ...participant.claims, name, metadata, attributes }
  return isChange
}
