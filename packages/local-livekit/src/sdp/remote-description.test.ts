import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_SDP_LENGTH, parseRemoteDescription } from './remote-description.ts'

/** What Chrome offers for a simulcast camera, a section to receive on and data channels, shortened. */
const OFFER = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1 2',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:7001',
  'a=ice-pwd:asd88fgpdd777uzjYhagZg',
  'a=fingerprint:sha-256 AA:BB',
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 98',
  'c=IN IP4 0.0.0.0',
  'a=mid:1',
  'a=sendonly',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=msid:stream track-1',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:98 VP9/90000',
  'a=fmtp:98 profile-id=0',
  'a=rid:f send',
  'a=rid:q send',
  'a=rid:h send',
  'a=simulcast:send f;q;h',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  'a=mid:2',
  'a=recvonly',
  'a=rtpmap:111 opus/48000/2',
  '',
].join('\r\n')

describe('remote descriptions', () => {
  it('are read into plain values', () => {
    const parsed = parseRemoteDescription(OFFER)
    if ('error' in parsed) throw new Error(parsed.error)
    expect(parsed).toMatchObject({ iceUfrag: '7001', fingerprint: { algorithm: 'sha-256', value: 'AA:BB' } })
    expect(parsed.sections).toMatchObject([
      { kind: 'application', mid: '0' },
      {
        kind: 'video',
        mid: '1',
        direction: 'sendonly',
        trackId: 'track-1',
        // From the smallest layer to the largest, whatever the order of the lines
        sendRids: ['q', 'h', 'f'],
        formats: ['96', '98'],
        extensions: [{ id: 4, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' }],
      },
      {
        kind: 'audio',
        mid: '2',
        direction: 'recvonly',
        codecs: [{ payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2 }],
      },
    ])
    expect(parsed.sections[1]?.codecs[1]).toMatchObject({ name: 'VP9', parameters: 'profile-id=0' })
  })

  it.each([
    { what: 'nothing', sdp: '' },
    { what: 'no credentials', sdp: OFFER.replaceAll(/a=ice-ufrag.*\r\n/g, '') },
    { what: 'no fingerprint', sdp: OFFER.replaceAll(/a=fingerprint.*\r\n/g, '') },
    { what: 'an unknown kind of section', sdp: OFFER.replace('m=audio', 'm=image') },
    { what: 'a section without mid', sdp: OFFER.replace('a=mid:2\r\n', '') },
    { what: 'far too much', sdp: OFFER + 'a=x\r\n'.repeat(MAX_SDP_LENGTH / 5) },
    { what: 'too many sections', sdp: OFFER + 'm=audio 9 X 0\r\na=mid:9\r\n'.repeat(300) },
  ])('with $what are refused', ({ sdp }) => {
    expect(parseRemoteDescription(sdp)).toHaveProperty('error')
  })

  it('name streams in 32 bits, or are refused', () => {
    const ids = fc.oneof(
      fc.nat(),
      fc.bigInt({ min: 0n, max: 2n ** 80n }),
      fc.constantFrom(2n ** 32n - 1n, 2n ** 32n),
    )
    fc.assert(
      fc.property(ids, (id) => {
        const parsed = parseRemoteDescription(
          OFFER.replace('a=sendonly', `a=sendonly\r\na=ssrc:${id} cname:x`),
        )
        const ssrcs = 'error' in parsed ? 'refused' : parsed.sections[1]?.ssrcs
        expect(ssrcs).toEqual(id < 2n ** 32n ? [Number(id)] : 'refused')
      }),
    )
  })

  it('never throw, cut short or with lines replaced', () => {
    const lines = OFFER.split('\r\n')
    fc.assert(
      fc.property(fc.nat(lines.length), fc.nat(OFFER.length), fc.string(), (line, length, replacement) => {
        const changed = lines.with(Math.min(line, lines.length - 1), replacement).join('\r\n')
        expect(parseRemoteDescription(changed)).toBeTypeOf('object')
        expect(parseRemoteDescription(OFFER.slice(0, length))).toBeTypeOf('object')
      }),
    )
  })
})
