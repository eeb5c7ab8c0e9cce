import { AppError } from '@sheaf/domain/app-error';
import { type ImportProgress, type ImportReport, importFolder as importTree } from '@sheaf/ingest/import-folder';
import { loadConfig } from '@sheaf/runtime/load-config';
import cliProgress from 'cli-progress';
import { formatBytes } from '../format-bytes.ts';
import { openInstallation } from '../open-installation.ts';
import { resolveLicence } from '../resolve-licence.ts';
import { watchStopSignals } from '../stop-signals.ts';

export interface ImportCommandOptions {
  /** Id or title. */
  licence?: string;
  approve?: boolean;
  folder: string;
}

/** `sheaf import`: exit code 1 when a file failed. Ctrl-C ends it between two files; repeating it goes on from there. */
export async function importFolder(
  env: NodeJS.ProcessEnv,
  folder: string,
  options: ImportCommandOptions,
): Promise<void> {
  const settings = loadConfig(env);
  const interruption = interruptible();
  const installation = await openInstallation(settings, console.error);
  const bar = progressBar();
  let last: ImportProgress | undefined;
  try {
    const licence = options.licence === undefined ? null : await resolveLicence(installation.db.orm, options.licence);
    const report = await importTree(installation, folder, {
      targetFolder: options.folder,
      licenceId: licence?.id ?? null,
      approve: options.approve ?? false,
      createdBy: null,
      signal: interruption.signal,
      onProgress(progress) {
        last = progress;
        bar.show(progress);
      },
    });
    bar.end();
    tellReport(report, last?.bytesAdded ?? 0);
    tellRenditions(report, installation.running !== null, settings.DATABASE_URL !== undefined);
    if (report.failed.length > 0) process.exitCode = 1;
  } catch (error) {
    bar.end();
    if (!interruption.signal.aborted) throw error;
    const done = last ? `${last.filesDone} of ${last.filesTotal} files were dealt with` : 'nothing was added';
    throw new AppError('service.unavailable', `Interrupted: ${done}. Run the same command again to go on.`);
  } finally {
    await installation.close();
  }
}

function interruptible(): AbortController {
  const controller = new AbortController();
  watchStopSignals().asked.then(() => controller.abort());
  return controller;
}

function tellReport(report: ImportReport, bytesAdded: number): void {
  for (const { path, message } of report.failed) console.error(`failed  ${path}: ${message}`);
  for (const path of report.ignored) console.error(`ignored ${path}: neither a file nor a folder`);
  const { imported, skipped, failed } = report;
  console.log(`${imported} added (${formatBytes(bytesAdded)}), ${skipped} already there, ${failed.length} failed.`);
}

function tellRenditions(report: ImportReport, running: boolean, elsewhere: boolean): void {
  if (report.imported === 0) return;
  if (running || elsewhere) console.log('The worker makes the renditions of pictures now.');
  else console.log('The renditions of pictures are made when the service runs: sheaf start.');
}

interface ProgressBar {
  show(progress: ImportProgress): void;
  end(): void;
}

/** On a terminal only: elsewhere nothing is shown. */
function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { show() {}, end() {} };
  const format = '{bar} {value}/{total} files, {added}, {eta_formatted} left';
  const bar = new cliProgress.SingleBar({ format, hideCursor: true }, cliProgress.Presets.shades_classic);
  let started = false;
  return {
    show({ filesDone, filesTotal, bytesAdded }) {
      const payload = { added: formatBytes(bytesAdded) };
      if (!started) bar.start(filesTotal, filesDone, payload);
      else bar.update(filesDone, payload);
      started = true;
    },
    end: () => started && bar.stop(),
  };
}
