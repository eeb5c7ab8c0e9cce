export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'theme';

/** The viewer's choice of colours. The page's own inline script (app.html) applies a stored one before anything is painted. */
class ThemeChoice {
  choice = $state<Theme>(themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system');

  choose(theme: Theme): void {
    this.choice = theme;
    if (theme === 'system') {
      localStorage.removeItem(key);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(key, theme);
      document.documentElement.dataset.theme = theme;
    }
  }
}

export const theme = new ThemeChoice();
