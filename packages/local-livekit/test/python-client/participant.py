"""A participant made with LiveKit's Python SDK, for tests: `participant.py URL TOKEN`.

It publishes a moving picture and a tone, repeats what it is told, and answers and makes remote calls. Each line of its
output is all that it has seen so far, as JSON. It leaves when its input ends.
"""

import asyncio
import json
import math
import struct
import sys

from livekit import rtc

WIDTH, HEIGHT, FRAMES_PER_SECOND = 320, 180, 15
SAMPLE_RATE, SAMPLES_PER_FRAME = 48_000, 480
TONE_HZ, AMPLITUDE = 440, 12_000

seen = {"joined": False, "frames": 0, "loudest": 0, "data": [], "answers": []}
tasks: set[asyncio.Task] = set()


def tell() -> None:
    print(json.dumps(seen), flush=True)


def start(coroutine) -> None:
    """A task that nobody waits for; what it fails with ends the program, so that the test learns of it."""

    def finish(task: asyncio.Task) -> None:
        tasks.discard(task)
        if not task.cancelled() and task.exception():
            asyncio.get_running_loop().stop()
            raise task.exception()

    task = asyncio.ensure_future(coroutine)
    tasks.add(task)
    task.add_done_callback(finish)


async def show(source: rtc.VideoSource) -> None:
    luma, count = WIDTH * HEIGHT, 0
    while True:
        rows = b"".join(bytes([(row + count * 8) & 0xFF]) * WIDTH for row in range(HEIGHT))
        data = rows + b"\x80" * (luma // 2)
        source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, data))
        count += 1
        await asyncio.sleep(1 / FRAMES_PER_SECOND)


async def play(source: rtc.AudioSource) -> None:
    phase = 0
    while True:
        angles = [2 * math.pi * TONE_HZ * (phase + i) / SAMPLE_RATE for i in range(SAMPLES_PER_FRAME)]
        data = struct.pack(f"<{SAMPLES_PER_FRAME}h", *(int(AMPLITUDE * math.sin(angle)) for angle in angles))
        await source.capture_frame(rtc.AudioFrame(data, SAMPLE_RATE, 1, SAMPLES_PER_FRAME))
        phase += SAMPLES_PER_FRAME


async def watch(track: rtc.Track) -> None:
    async for _ in rtc.VideoStream(track):
        seen["frames"] += 1
        tell()


async def listen(track: rtc.Track) -> None:
    async for event in rtc.AudioStream(track, sample_rate=SAMPLE_RATE, num_channels=1):
        loudest = max(abs(sample) for sample in event.frame.data)
        if loudest > seen["loudest"]:
            seen["loudest"] = loudest
            tell()


async def main(url: str, token: str) -> None:
    room = rtc.Room()

    @room.on("track_subscribed")
    def on_track(track: rtc.Track, *_) -> None:
        start(watch(track) if track.kind == rtc.TrackKind.KIND_VIDEO else listen(track))

    @room.on("data_received")
    def on_data(packet: rtc.DataPacket) -> None:
        sender = packet.participant.identity if packet.participant else ""
        text = packet.data.decode()
        seen["data"].append({"from": sender, "topic": packet.topic or "", "text": text})
        tell()
        if packet.topic == "repeat":
            start(room.local_participant.publish_data(text, topic="repeated", destination_identities=[sender]))
        if packet.topic == "call":
            start(call(sender, text))

    async def call(identity: str, method: str) -> None:
        answer = await room.local_participant.perform_rpc(
            destination_identity=identity, method=method, payload="from python"
        )
        seen["answers"].append(answer)
        tell()

    await room.connect(url, token)
    me = room.local_participant

    @me.register_rpc_method("greet")
    async def greet(invocation: rtc.RpcInvocationData) -> str:
        return f"{invocation.caller_identity} {invocation.payload}"

    video, audio = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(SAMPLE_RATE, 1)
    camera = rtc.LocalVideoTrack.create_video_track("camera", video)
    microphone = rtc.LocalAudioTrack.create_audio_track("microphone", audio)
    await me.publish_track(camera, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA))
    await me.publish_track(microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
    start(show(video))
    start(play(audio))
    seen["joined"] = True
    tell()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await room.disconnect()


asyncio.run(main(sys.argv[1], sys.argv[2]))
