import type { AdminTexts, PortalTexts, Texts } from './dictionary.ts';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** Each is a file of its own, fetched by whoever reads that language; what administrators read comes with their pages. */
const portal: Record<Language, () => Promise<{ portalTexts: PortalTexts }>> = {
  en: () => import('./en/portal.ts'),
  de: () => import('./de/portal.ts'),
};
const admin: Record<Language, () => Promise<{ adminTexts: AdminTexts }>> = {
  en: () => import('./en/admin.ts'),
  de: () => import('./de/admin.ts'),
};

const key = 'language';

class CurrentLanguage {
  language = $state<Language>('en');
  portal = $state.raw<PortalTexts>();
  admin = $state.raw<AdminTexts>();
  /** What `Intl` formats by: the language as the browser's owner writes it, `en-GB`, where they speak it. */
  locale = $derived(navigator.languages.find((tag) => tag.split('-')[0] === this.language) ?? this.language);
}

export const current = new CurrentLanguage();

/** Every text of the screens, in the viewer's language: `t.downloads.title`. Those under `t.admin` are there below `/admin`. */
export const t: Texts = new Proxy({} as Texts, {
  get(_, topic) {
    if (topic === 'admin') return current.admin;
    return current.portal?.[topic as keyof PortalTexts];
  },
});

/** The language that is spoken here, of `fr-CA`, `de-AT`, `en`…; English where it is none of ours. */
function nearest(tags: readonly string[]): Language {
  for (const tag of tags) {
    const found = languages.find((language) => language === tag.split('-')[0]?.toLowerCase());
    if (found) return found;
  }
  return 'en';
}

/** Changes all texts at once, when they have come. */
export async function speak(tag: string): Promise<void> {
  const language = nearest([tag]);
  if (current.language === language && current.portal) return;
  const [texts, more] = await Promise.all([portal[language](), current.admin && admin[language]()]);
  current.portal = texts.portalTexts;
  if (more) current.admin = more.adminTexts;
  current.language = language;
  document.documentElement.lang = language;
  localStorage.setItem(key, language);
}

/** The language of the last visit, else the browser's. A signed-in person's preference comes after it, by `speak`. */
export const speakFirst = (): Promise<void> => speak(localStorage.getItem(key) ?? nearest(navigator.languages));

/** Has the texts under `t.admin` come. */
export async function speakAdmin(): Promise<void> {
  current.admin ??= (await admin[current.language]()).adminTexts;
}
