import type { VisibilityConfigurationJson, VisibilityJson } from '@sheaf/contract/visibility';
import { changedSettings } from './changed-settings.ts';
import type { EditedNumber, EditedQuota } from './edited-quota.ts';

type Configuration = Required<VisibilityConfigurationJson>;
type Limits = 'runningPerRequester' | 'maxAssetsPerDownload' | 'expiringWithinDays' | 'linkTtlHours';
export type EditedConfiguration = Omit<Configuration, Limits | 'background' | 'quota'> &
  Record<Limits, EditedNumber> & {
    background: Record<keyof Configuration['background'], EditedNumber>;
    quota: EditedQuota;
  };

const copyOf = (configuration: VisibilityConfigurationJson) => structuredClone(configuration) as EditedConfiguration;

const isWhole = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Object.values(value).every(isWhole));

/** The configuration as somebody is changing it; what comes into force meanwhile takes nothing of it away. */
export class ConfigurationDraft {
  /** What the draft began from. */
  base = $state.raw<VisibilityJson>() as VisibilityJson;
  newest = $state.raw<VisibilityJson>() as VisibilityJson;
  edited = $state() as EditedConfiguration;

  /** Null while one of its numbers is none. */
  configuration = $derived.by(() => {
    const edited = $state.snapshot(this.edited);
    return isWhole(edited) ? (edited as Configuration) : null;
  });
  changes = $derived(this.configuration ? changedSettings(this.base.configuration, this.configuration) : []);
  dirty = $derived(this.configuration === null || this.changes.length > 0);
  outdated = $derived(this.newest.version !== this.base.version);

  constructor(inForce: VisibilityJson) {
    this.begin(inForce);
  }

  begin(inForce: VisibilityJson): void {
    this.base = inForce;
    this.newest = inForce;
    this.edited = copyOf(inForce.configuration);
  }

  /** Takes in what the server says is in force, unless something is being changed. */
  follow(inForce: VisibilityJson): void {
    if (this.dirty) this.newest = inForce;
    else if (inForce.version !== this.base.version) this.begin(inForce);
  }
}
