// Actions of Azure roles: `Microsoft.ContainerRegistry/*/write` covers an action if the wildcard can stand for any run of
// characters, slashes too. Case does not count.

/** Linear but for the wildcards, which are few: no regular expression is made of text from a role. `action` is lower-case. */
export function coversAction(pattern: string, action: string): boolean {
  if (pattern === '*') return true;
  const text = pattern.toLowerCase();
  if (!text.includes('*')) return text === action;
  let at = 0;
  let mark = -1;
  let retry = 0;
  let i = 0;
  while (i < action.length) {
    if (text[at] === '*') {
      mark = at++;
      retry = i;
    } else if (text[at] === action[i]) {
      at++;
      i++;
    } else if (mark >= 0) {
      at = mark + 1;
      i = ++retry;
    } else return false;
  }
  while (text[at] === '*') at++;
  return at === text.length;
}

/** Whether a role's list of actions, minus what it takes out, permits the action. */
export const permits = (actions: readonly string[], not: readonly string[], action: string): boolean =>
  actions.some((pattern) => coversAction(pattern, action)) &&
  !not.some((pattern) => coversAction(pattern, action));
