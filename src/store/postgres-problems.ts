// Why PostgreSQL could not be used, in a sentence with the cure. Never the URL as it was given: it holds the password.

const cures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there. Start the server, or correct host and port',
  ENOTFOUND: 'its host has no address. Correct the host',
  EAI_AGAIN: 'its host has no address at the moment. Correct the host, or look at the name service',
  ETIMEDOUT: 'it does not answer. Look at the network between, or correct host and port',
  EHOSTUNREACH: 'it cannot be reached. Look at the network between, or correct the host',
  ECONNRESET: 'it broke the connection off. Look whether it is a PostgreSQL, and at its log',
  '28P01': 'it refuses the password of the role. Correct it; what is not a letter or digit is written as %XX',
  '28000': 'it refuses the role. Name one that may log in, and look at pg_hba.conf',
  '3D000': 'it has no such database. Make it, or correct its name',
  '42501': 'the role lacks a right. Make it the owner of the database, or grant it create on the schema',
  '53300': 'it has no connection left. Raise max_connections; each replica takes up to 10',
  '57P03': 'it is starting up or shutting down. Try again in a moment',
  '25006': 'it is read-only. Name the primary server',
};

/** `postgres host:port/database` of a URL, without who logs in. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `PostgreSQL at ${hostname || 'the local socket'}:${port || '5432'}${pathname}`;
}

/** One sentence or two: where, what, and what to do. */
export function explainProblem(error: unknown, url: string): string {
  const {
    code = '',
    message,
    errors,
  } = error as {
    readonly code?: string;
    readonly message?: string;
    readonly errors?: readonly { readonly code?: string }[];
  };
  const known = cures[code] ?? cures[errors?.[0]?.code ?? ''];
  return `Cannot use ${placeOf(url)}: ${known ?? secretFree(message ?? 'unknown', url)}.${known ? ' It is named by DATABASE_URL.' : ''}`;
}

/** Some messages quote what they were given. */
function secretFree(message: string, url: string): string {
  const { password } = new URL(url);
  const words = [url, password, decodeURIComponent(password)].filter((word) => word.length > 0);
  const text = words.reduce((clean, word) => clean.replaceAll(word, '***'), message);
  return cureByWords(text) ?? text;
}

const cureByWords = (message: string): string | undefined =>
  /timeout expired/i.test(message)
    ? 'it does not answer within 5 seconds. Look at the network between, or correct host and port'
    : /does not support SSL/i.test(message)
      ? 'it speaks no TLS. Turn it on there, or leave sslmode out of the URL'
      : /certificate/i.test(message)
        ? `its certificate is not trusted (${message}). Add sslrootcert=FILE to the URL, or NODE_EXTRA_CA_CERTS`
        : undefined;
