// The switch between the light and the dark theme; until it is used the system's wish holds. Both chats follow it, for
// every colour is one of theme.css or written as `light-dark()`.
import { h } from './dom.ts';

const key = 'acr-warden-theme';
const wish = matchMedia('(prefers-color-scheme: dark)');

export function createThemeSwitch(): HTMLElement {
  const isDark = (): boolean => (localStorage.getItem(key) ?? (wish.matches ? 'dark' : 'light')) === 'dark';
  const show = (): void => {
    const chosen = localStorage.getItem(key);
    if (chosen) document.documentElement.dataset['theme'] = chosen;
    button.textContent = isDark() ? 'Light theme' : 'Dark theme';
  };
  const change = (): void => {
    localStorage.setItem(key, isDark() ? 'light' : 'dark');
    show();
  };
  const button = h('button', { class: 'theme', 'data-testid': 'theme', onclick: change });
  wish.addEventListener('change', show);
  show();
  return button;
}
