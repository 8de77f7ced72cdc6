import {
  DeleteRecordingsInputSchema,
  DeleteRecordingsOutputSchema,
  GetRecordingInputSchema,
  JoinRoomInputSchema,
  JoinRoomOutputSchema,
  ListRecordingsInputSchema,
  ListRecordingsOutputSchema,
  LoginInputSchema,
  OpenShareInputSchema,
  OpenShareOutputSchema,
  PlaybackInputSchema,
  PlaybackOutputSchema,
  PreviewRoomInputSchema,
  PreviewRoomOutputSchema,
  RecordingInfoSchema,
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
import { openShare, shareRecording } from './share/share-links.ts'
import { libraryProcedure, participantProcedure, publicProcedure, router } from './trpc.ts'

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

  events: recordingEventsProcedure,
})

const share = router({
  open: publicProcedure
    .input(OpenShareInputSchema)
    .output(OpenShareOutputSchema)
    .query(({ ctx, input }) => openShare(ctx.services, input)),
})

const session = router({
  login: publicProcedure
    .input(LoginInputSchema)
    .output(SessionOutputSchema)
    .mutation(({ ctx, input }) => login(ctx, input.password)),

  logout: publicProcedure
    .input(z.void())
    .output(SessionOutputSchema)
    .mutation(({ ctx }) => logout(ctx)),

  me: publicProcedure
    .input(z.void())
    .output(SessionOutputSchema)
    .query(({ ctx }) => sessionOf(ctx)),
})

export const appRouter = router({ rooms, recordings, share, session })

export type AppRouter = typeof appRouter
