/** What is set up wrong, in a sentence that says the cure. Ends the process with exit code 78. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}
