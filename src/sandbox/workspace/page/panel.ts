// What the page's frame needs of each chat's half.

export interface Panel {
  readonly element: HTMLElement;
  /** Asks the server for the picture and shows it. */
  readonly refresh: () => Promise<void>;
  /** Forgets what was drawn, for another person. */
  readonly reset: () => void;
  /** Puts a command into the composer. */
  readonly fill: (command: string) => void;
}
