// The Slack app's manifest, in one place: which rights the bot asks for, each with its reason.
import type { AppsManifestCreateArguments } from '@slack/web-api';

type Manifest = AppsManifestCreateArguments['manifest'];

/** Bot scopes, why each is asked for, and the Web API methods that need it. */
export const scopes = {
  commands: { reason: 'the command /acr', methods: [] },
  'chat:write': {
    reason: 'posts, updates and private answers',
    methods: ['chat.postMessage', 'chat.postEphemeral', 'chat.update'],
  },
  'users:read': {
    reason: 'guests, bots and deactivated accounts are refused',
    methods: ['users.info', 'bots.info'],
  },
  'channels:read': {
    reason: 'nothing is decided in channels shared with others',
    methods: ['conversations.info'],
  },
  'groups:read': { reason: 'the same for private channels', methods: ['conversations.info'] },
  'im:read': { reason: 'the same for direct messages', methods: ['conversations.info'] },
  'im:write': { reason: 'outcomes as direct messages', methods: ['conversations.open'] },
} as const;

/** Scopes an installation may leave out; what is lost then stands in the reason. */
export const optionalScopes = {
  'users:read.email': {
    reason: 'people are known by confirmed addresses, where the policy has identity.email',
    methods: ['users.info'],
  },
  'usergroups:read': {
    reason: 'doctor tells whether the user groups of the policy are there',
    methods: ['usergroups.list'],
  },
  'channels:history': {
    reason: 'a post whose answer was lost is found again, not repeated',
    methods: ['conversations.history', 'conversations.replies'],
  },
  'groups:history': {
    reason: 'the same in private channels',
    methods: ['conversations.history', 'conversations.replies'],
  },
  'im:history': {
    reason: 'the same in direct messages',
    methods: ['conversations.history', 'conversations.replies'],
  },
} as const;

type Scope = keyof typeof scopes | keyof typeof optionalScopes;

/**
 * `host`: the public https address of the bot, without a slash at its end; without one the app is for Socket Mode, and no
 * address is in it. `usage`: the verbs, for the usage hint.
 */
export function slackManifest({ host, usage }: { readonly host?: string; readonly usage: string }): Manifest {
  const events = host && `${host}/slack/events`;
  const names = (table: object): Scope[] => Object.keys(table) as Scope[];
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'acr-warden',
      description: 'Governs Azure Container Registries: posture, promotions with approval, digests.',
      background_color: '#1b3a57',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: 'acr-warden', always_online: true },
      shortcuts: [
        {
          name: 'Promote an image',
          type: 'global',
          callback_id: 'promote',
          description: 'Ask for an image to go to the next stage',
        },
        {
          name: 'Registry posture',
          type: 'global',
          callback_id: 'status',
          description: 'What fails, where, and since when',
        },
        {
          name: 'Promote this image',
          type: 'message',
          callback_id: 'promote_image',
          description: 'Ask for the image named in this message',
        },
      ],
      slash_commands: [
        {
          command: '/acr',
          ...(events && { url: events }),
          description: 'Container registries: status, promote, approve, help',
          usage_hint: usage.slice(0, 1000),
          should_escape: false,
        },
      ],
    },
    oauth_config: {
      ...(host && { redirect_urls: [`${host}/slack/oauth_redirect`] }),
      scopes: { bot: names(scopes), bot_optional: names(optionalScopes) },
    },
    settings: {
      event_subscriptions: {
        ...(events && { request_url: events }),
        bot_events: ['app_home_opened', 'app_uninstalled', 'tokens_revoked'],
      },
      interactivity: {
        is_enabled: true,
        ...(events && { request_url: events, message_menu_options_url: events }),
      },
      org_deploy_enabled: true,
      socket_mode_enabled: host === undefined,
      token_rotation_enabled: false,
    },
  } satisfies Manifest;
}
