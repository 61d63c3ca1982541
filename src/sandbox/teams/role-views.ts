// Role views: a card with `refresh` shows a person named in `refresh.userIds` a card of their own. Teams asks the bot for
// it when that person looks, once for each version of the message.
import { isJson, type Json, type TeamsActivity, type TeamsState } from './state.ts';

export const cardType = 'application/vnd.microsoft.card.adaptive';

/** The card everyone sees who has none of their own. */
function baseCard(activity: TeamsActivity): Json | undefined {
  const content = activity.attachments.find((one) => one['contentType'] === cardType)?.['content'];
  return isJson(content) ? content : undefined;
}

/** The card this person sees. */
export function cardOf(activity: TeamsActivity, teamsId: string): Json | undefined {
  return activity.views[teamsId] ?? baseCard(activity);
}

/** Only so many of the newest messages are in view when a person looks. */
const inView = 10;

/** The messages of a conversation that this person's client would now refresh, with their refresh action. */
export function pendingRefresh(
  state: TeamsState,
  conversation: string,
  teamsId: string,
): { activity: TeamsActivity; action: Json }[] {
  const newest = state.activities.filter((one) => one.conversation === conversation).slice(-inView);
  return newest.flatMap((activity) => {
    if (activity.refreshed.includes(teamsId)) return [];
    const refresh = baseCard(activity)?.['refresh'];
    if (!isJson(refresh) || !isJson(refresh['action'])) return [];
    const userIds = Array.isArray(refresh['userIds']) ? refresh['userIds'] : [];
    return userIds.includes(teamsId) ? [{ activity, action: refresh['action'] }] : [];
  });
}
