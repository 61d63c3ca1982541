// How a single-tenant bot of Teams proves who it is: by a client secret or by a certificate, never by both.
import { createPrivateKey } from 'node:crypto';
import { ConfigurationError } from './configuration-error.ts';

export type BotSecret =
  | { readonly password: string }
  | { readonly certificate: { readonly thumbprint: string; readonly privateKey: string } };

/** No error shows the secret or the key. Throws ConfigurationError. */
export function readBotSecret(variables: Readonly<Record<string, string | undefined>>): BotSecret {
  const password = variables['MicrosoftAppPassword'];
  const thumbprint = variables['MicrosoftAppCertificateThumbprint'];
  const key = variables['MicrosoftAppCertificatePrivateKey'];
  if (password && (thumbprint || key))
    throw new ConfigurationError(
      'Teams has MicrosoftAppPassword and a certificate. Keep one of them: which one counts must not be a guess.',
    );
  if (password) return { password };
  if (!thumbprint && !key)
    throw new ConfigurationError(
      'Teams is half configured: MicrosoftAppType is SingleTenant but MicrosoftAppPassword is missing. Set it, or MicrosoftAppCertificateThumbprint and MicrosoftAppCertificatePrivateKey, or use UserAssignedMSI.',
    );
  if (!thumbprint || !key)
    throw new ConfigurationError(
      `Teams is half configured: set ${thumbprint ? 'MicrosoftAppCertificatePrivateKey' : 'MicrosoftAppCertificateThumbprint'} as well.`,
    );
  if (!/^[0-9a-f]{40}$/i.test(thumbprint))
    throw new ConfigurationError(
      'Invalid value for MicrosoftAppCertificateThumbprint. Must be the SHA-1 thumbprint in 40 hex digits, without colons.',
    );
  return { certificate: { thumbprint, privateKey: readKey(key) } };
}

/** In PEM; where a variable cannot hold line ends, with `\n` for each. */
function readKey(text: string): string {
  const pem = text.replaceAll('\\n', '\n');
  try {
    createPrivateKey(pem);
    return pem;
  } catch {
    throw new ConfigurationError(
      'Invalid value for MicrosoftAppCertificatePrivateKey. Must be the unencrypted private key in PEM, its line ends as they are or as \\n.',
    );
  }
}
