import {
  DeleteRecordingsInputSchema,
  DeleteRecordingsOutputSchema,
  GetRecordingInputSchema,
  JoinRoomInputSchema,
  JoinRoomOutputSchema,
  ListAuditInputSchema,
  ListAuditOutputSchema,
  ListRecordingsInputSchema,
  ListRecordingsOutputSchema,
  ListShareLinksInputSchema,
  ListShareLinksOutputSchema,
  LoginInputSchema,
  OpenShareInputSchema,
  OpenShareOutputSchema,
  PlaybackInputSchema,
  PlaybackOutputSchema,
  PreviewRoomInputSchema,
  PreviewRoomOutputSchema,
  RecordingInfoSchema,
  RevokeShareLinkInputSchema,
  RevokeShareLinkOutputSchema,
  SessionOutputSchema,
  ShareRecordingInputSchema,
  ShareRecordingOutputSchema,
  StartRecordingInputSchema,
  StopRecordingInputSchema,
  ThumbnailsInputSchema,
  ThumbnailsOutputSchema,
} from '@roomreel/contracts'
import { z } from 'zod'
import { login, logout, sessionOf } from './access/admin-login.ts'
import { readAudit } from './audit/read-audit.ts'
import { deleteRecordings } from './recordings/delete-recordings.ts'
import { findRecording } from './recordings/find-recording.ts'
import { listRecordings } from './library/list-recordings.ts'
import { playbackUrl } from './recordings/playback-url.ts'
import { recordingEventsProcedure } from './library/recording-events-procedure.ts'
import { startRecording } from './recordings/start-recording.ts'
import { stopRecording } from './recordings/stop-recording.ts'
import { thumbnailUrls } from './recordings/thumbnail-urls.ts'
import { joinRoom } from './rooms/join-room.ts'
import { previewRoom } from './rooms/preview-room.ts'
import { listShareLinks } from './share/list-share-links.ts'
import { enterShare, openShare } from './share/open-share.ts'
import { revokeShareLink } from './share/revoke-share-link.ts'
import { shareRecording } from './share/share-recording.ts'
import { adminProcedure, libraryProcedure, participantProcedure, publicProcedure, router } from './trpc.ts'

/** Clients send nothing, null or an empty object where there is nothing to say. */
const NO_INPUT = z.object({}).nullish()

const rooms = router({
  join: publicProcedure
    .input(JoinRoomInputSchema)
    .output(JoinRoomOutputSchema)
    .mutation(({ ctx, input }) => joinRoom(ctx.services, input, ctx.request.address)),

  preview: publicProcedure
    .input(PreviewRoomInputSchema)
    .output(PreviewRoomOutputSchema)
    .query(({ ctx, input }) => previewRoom(ctx.services, input.roomName)),
})

const recordings = router({
  start: participantProcedure
    .input(StartRecordingInputSchema)
    .output(RecordingInfoSchema)
    .mutation(({ ctx, input }) => startRecording(ctx.services, ctx.principal, input)),

  stop: participantProcedure
    .input(StopRecordingInputSchema)
    .output(RecordingInfoSchema)
    .mutation(({ ctx, input }) => stopRecording(ctx.services, ctx.principal, input)),

  list: libraryProcedure
    .input(ListRecordingsInputSchema)
    .output(ListRecordingsOutputSchema)
    .query(({ ctx, input }) => listRecordings(ctx.services, ctx.principal, input)),

  get: libraryProcedure
    .input(GetRecordingInputSchema)
    .output(RecordingInfoSchema)
    .query(({ ctx, input }) => findRecording(ctx.services, ctx.principal, input.recordingName)),

  playback: libraryProcedure
    .input(PlaybackInputSchema)
    .output(PlaybackOutputSchema)
    .query(async ({ ctx, input }) => {
      const recording = await findRecording(ctx.services, ctx.principal, input.recordingName)
      return playbackUrl(ctx.services, recording, {
        part: input.download ? 'download' : 'video',
        strategy: input.strategy,
      })
    }),

  thumbnails: libraryProcedure
    .input(ThumbnailsInputSchema)
    .output(ThumbnailsOutputSchema)
    .query(({ ctx, input }) => thumbnailUrls(ctx.services, ctx.principal, input)),

  delete: libraryProcedure
    .input(DeleteRecordingsInputSchema)
    .output(DeleteRecordingsOutputSchema)
    .mutation(({ ctx, input }) => deleteRecordings(ctx.services, ctx.principal, input.recordingNames)),

  share: libraryProcedure
    .input(ShareRecordingInputSchema)
    .output(ShareRecordingOutputSchema)
    .mutation(({ ctx, input }) => shareRecording(ctx.services, ctx.principal, input, ctx.request.origin)),

  audit: adminProcedure
    .input(ListAuditInputSchema)
    .output(ListAuditOutputSchema)
    .query(({ ctx, input }) => readAudit(ctx.services, ctx.audit.log, input.recordingName)),

  events: recordingEventsProcedure,
})

const share = router({
  list: libraryProcedure
    .input(ListShareLinksInputSchema)
    .output(ListShareLinksOutputSchema)
    .query(({ ctx, input }) => listShareLinks(ctx.services, ctx.principal, input.recordingName)),

  revoke: libraryProcedure
    .input(RevokeShareLinkInputSchema)
    .output(RevokeShareLinkOutputSchema)
    .mutation(({ ctx, input }) => revokeShareLink(ctx.services, ctx.principal, input)),

  // A mutation, so that the secret travels in a body and not in an address
  enter: publicProcedure
    .input(OpenShareInputSchema)
    .output(OpenShareOutputSchema)
    .mutation(({ ctx, input }) => enterShare(ctx, input)),

  open: publicProcedure
    .input(OpenShareInputSchema)
    .output(OpenShareOutputSchema)
    .query(({ ctx, input }) => openShare(ctx, input)),
})

const session = router({
  login: publicProcedure
    .input(LoginInputSchema)
    .output(SessionOutputSchema)
    .mutation(({ ctx, input }) => login(ctx, input.password)),

  logout: publicProcedure
    .input(NO_INPUT)
    .output(SessionOutputSchema)
    .mutation(({ ctx }) => logout(ctx)),

  me: publicProcedure
    .input(NO_INPUT)
    .output(SessionOutputSchema)
    .query(({ ctx }) => sessionOf(ctx)),
})

export const appRouter = router({ rooms, recordings, share, session })

export type AppRouter = typeof appRouter
