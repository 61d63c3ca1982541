// In front of the SDK, which neither checks the tenant nor an activity without a service URL: what is not from a Teams of
// ours is turned away before any token is looked at.
import type { Activity } from './activity.ts';
import type { TeamsConfig } from './transport.ts';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether calls may go there: https hosts of the list; on loopback also http, and any port where there are no tokens. */
export function isKnownService(
  serviceUrl: string,
  config: Pick<TeamsConfig, 'serviceUrls' | 'type'>,
): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const url = new URL(serviceUrl);
  const isLocal = loopback.has(url.hostname);
  if (url.username || url.password || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)))
    return false;
  return config.serviceUrls.some((allowed) => {
    if (!URL.canParse(allowed)) return false;
    const known = new URL(allowed);
    return (
      known.origin === url.origin || (config.type === 'none' && isLocal && known.hostname === url.hostname)
    );
  });
}

/** Why an activity is turned away, with the HTTP status; nothing if it may go on to the token check. */
export function turnAway(
  activity: Activity,
  config: TeamsConfig,
): { readonly status: 400 | 403; readonly reason: string } | undefined {
  if (!activity.type) return { status: 400, reason: 'no type' };
  if (!activity.serviceUrl) return { status: 400, reason: 'no service URL' };
  if (!activity.conversation.id) return { status: 400, reason: 'no conversation' };
  if (!isKnownService(activity.serviceUrl, config)) return { status: 403, reason: 'unknown service URL' };
  if (config.type === 'none') return undefined;
  if (activity.channelId !== 'msteams') return { status: 403, reason: 'not from Teams' };
  const named = activity.tenants.filter(Boolean);
  const isOurs = named.length > 0 && named.every((tenant) => config.tenants.includes(tenant));
  return isOurs ? undefined : { status: 403, reason: 'foreign tenant' };
}

/** The tenant of an activity that was let in; a local client without tokens may name none. */
export const tenantOf = (activity: Activity, config: TeamsConfig): string =>
  activity.tenants.find(Boolean) ?? config.tenantId;
