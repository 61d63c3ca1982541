// Rules that no query of Resource Graph can judge, each with the reason, as the end of `it ...`. A rule is here or has a query.

const content = 'reads repositories, tags and manifests, which only the registry itself has';
const diagnostics = 'reads diagnostic settings, which Resource Graph does not have';
const information = 'is shown for information and never fails';
const roles =
  'matches the wildcards of role definitions, and a query of Resource Graph matches constant patterns only';
const metrics = 'reads usages and metrics, which Resource Graph does not have';

export const withoutQuery: Readonly<Record<string, string>> = {
  'CR-4': content,
  'CR-5': content,
  'CR-10': diagnostics,
  'ACR-03': diagnostics,
  'ACR-05': 'reads repository tokens, which Resource Graph does not have',
  'ACR-07': 'reads cache rules, which Resource Graph does not have',
  'ACR-15': 'reads the DNS zone groups of private endpoints, which Resource Graph does not have',
  'ACR-16': 'reads the addresses of webhooks, which are among their secrets and not in Resource Graph',
  'ACR-19': information,
  'ACR-20': information,
  'ACR-27': information,
  'ACR-28': information,
  'ACR-29': metrics,
  'TEN-01': roles,
  'TEN-02': roles,
  'TEN-03': content,
  'TEN-04': content,
  'TEN-06': roles,
  'TEN-07': content,
  'TEN-08': content,
  'TEN-09': content,
  'TEN-10': content,
  'TEN-11': metrics,
  'TEN-12': roles,
};
