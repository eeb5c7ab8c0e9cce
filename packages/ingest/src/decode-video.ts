import { decodePicture, type Pixels } from '@sheaf/imaging/picture-sizes';
import { renderFailure } from '@sheaf/imaging/render-failure';
import { findFfmpeg } from './find-ffmpeg.ts';
import { runLimited } from './limited-command.ts';

const limits = { seconds: 60, memoryBytes: 1_000_000_000, outputBytes: 64 * 1024 * 1024 };

/** Where in the video the poster is taken, as a share of its duration; where that is unknown, after this many seconds. */
const posterShare = 0.1;
const posterSeconds = 1;

/** Containers alone: a playlist or a list of files would make ffmpeg read what it names. */
const containers = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpeg,mpegts,asf,ogg';

/**
 * A frame of a video file as pixels, taken by ffmpeg with limits on memory and time; it may read nothing but that file.
 * Throws `render.failed` and the signal's reason.
 */
export async function decodeVideo(path: string, longestSide: number, signal: AbortSignal): Promise<Pixels> {
  const bytes = await posterFrame(path, longestSide, signal);
  return decodePicture({ bytes, mediaType: 'image/png', recordedSide: null, longestSide });
}

async function posterFrame(path: string, longestSide: number, signal: AbortSignal): Promise<Buffer> {
  const ffmpeg = await findFfmpeg();
  if (ffmpeg === null) throw renderFailure('unreadable', 'There is no ffmpeg on this machine.');
  const input = ['-protocol_whitelist', 'file', '-format_whitelist', containers];
  const source = ['-i', `file:${path}`];
  const scale = `scale=w='min(iw,${longestSide})':h='min(ih,${longestSide})':force_original_aspect_ratio=decrease`;
  const oneFrame = ['-map', '0:v:0', '-frames:v', '1', '-vf', scale, '-f', 'image2pipe', '-c:v', 'png', 'pipe:1'];
  const quiet = ['-nostdin', '-hide_banner', '-threads', '1'];
  const run = (args: string[]) => runLimited(ffmpeg.program, args, limits, signal);

  const looked = await run([...quiet, ...input, ...source]);
  const wanted = posterTime(looked.errors);
  // The second one for videos that turn out to be shorter than they say.
  for (const seconds of [wanted, 0]) {
    const at = ['-ss', seconds.toFixed(3)];
    const { output, exitCode } = await run([...quiet, '-v', 'error', ...input, ...at, ...source, ...oneFrame]);
    if (exitCode === 0 && output.length > 0) return output;
  }
  throw renderFailure('unreadable', 'No frame of the video can be read.');
}

/** Seconds into the video, from what ffmpeg says about it. */
function posterTime(said: string): number {
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):([\d.]+)/.exec(said) ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return posterSeconds;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * posterShare;
}
