// A bot for the page's tests: it answers with one message that has every block kind, opens a modal, and does the like in
// Teams. It knows nothing of the product.
import { App, ExpressReceiver, LogLevel } from '@slack/bolt';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import express, { type Express } from 'express';
import { teamsApp, tenantId } from '../../../src/sandbox/cast.ts';
import { adaptiveCard, dialogCard } from './showcase-cards.ts';
import { showcaseBlocks, showcaseModal } from './showcase-blocks.ts';

interface Options {
  readonly url: string;
  readonly signingSecret: string;
  readonly botToken: string;
}

export function createShowcase(options: Options): Express {
  const app = express();
  const adapter = createAdapter(options.url);
  app.post('/api/messages', express.json(), (req, res) => adapter.process(req, res, turn));
  const receiver = new ExpressReceiver({
    signingSecret: options.signingSecret,
    app: app as never,
    endpoints: '/slack/events',
    logLevel: LogLevel.ERROR,
  });
  const slack = new App({
    token: options.botToken,
    receiver,
    clientOptions: { slackApiUrl: `${options.url}/slack/api/` },
    logLevel: LogLevel.ERROR,
  });
  hearSlack(slack);
  return app;
}

function hearSlack(slack: App): void {
  slack.command('/acr', async ({ command, ack, client }) => {
    await ack();
    if (command.text.startsWith('whoami')) {
      await client.chat.postEphemeral({
        channel: command.channel_id,
        user: command.user_id,
        text: 'You are `U01DANA`, *developer* of <#C01RELEASES>.',
      });
    } else if (command.text.startsWith('promote')) {
      await client.views.open({ trigger_id: command.trigger_id, view: showcaseModal });
    } else {
      const message = { channel: command.channel_id, text: 'Posture', blocks: showcaseBlocks };
      await client.chat.postMessage(message);
    }
  });
  slack.action('refresh', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message || !body.channel) return;
    const text = `Refreshed for <@${body.user.id}>`;
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
    });
  });
  slack.action(/^(?!refresh)/, async ({ ack }) => ack());
  slack.options('pick', async ({ options, ack }) => {
    const names = ['shop/web', 'shop/api', 'base/node'].filter((one) => one.includes(options.value));
    await ack({ options: names.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })) });
  });
  slack.view('promote', async ({ ack, view, body, client }) => {
    const reason = view.state.values['reason']?.['text']?.value ?? '';
    if (reason.length < 5)
      return ack({ response_action: 'errors', errors: { reason: 'Say why, in a few words.' } });
    await ack();
    const picked = view.state.values['repository']?.['pick']?.selected_option?.value;
    await client.chat.postMessage({
      channel: 'C01RELEASES',
      text: `<@${body.user.id}> asks to promote \`${picked}\`: ${reason}`,
    });
  });
  slack.event('app_home_opened', async ({ event, client }) => {
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'Your registries' } }];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
}

function createAdapter(url: string): CloudAdapter {
  process.env['IDENTITY_ENDPOINT'] = `${url}/identity`;
  process.env['IDENTITY_HEADER'] = 'sandbox';
  return new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({
      MicrosoftAppType: 'UserAssignedMSI',
      MicrosoftAppId: teamsApp.id,
      MicrosoftAppTenantId: tenantId,
      BotOpenIdMetadata: `${url}/teams/.well-known/openidconfiguration`,
      ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
      ToChannelFromBotOAuthScope: 'https://api.botframework.com',
      ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
      ToBotFromEmulatorOpenIdMetadataUrl: `${url}/teams/.well-known/openidconfiguration`,
      OAuthUrl: `${url}/teams/oauth`,
    }),
  );
}

const cardType = 'application/vnd.microsoft.card.adaptive';

async function turn(context: TurnContext): Promise<void> {
  const { type, name, value, text, from } = context.activity;
  if (type === 'message' && text?.includes('status')) {
    await context.sendActivity({ attachments: [{ contentType: cardType, content: adaptiveCard() }] });
  }
  if (type !== 'invoke') return;
  const respond = (body: object) =>
    context.sendActivity({ type: 'invokeResponse', value: { status: 200, body } });
  if (name === 'adaptiveCard/action') {
    const done = {
      ...adaptiveCard(),
      body: [{ type: 'TextBlock', text: `Approved by ${from.name}: ${value.action.data.note}`, wrap: true }],
      actions: [],
    };
    await respond({ statusCode: 200, type: cardType, value: done });
  } else if (name === 'task/fetch') {
    await respond({
      task: {
        type: 'continue',
        value: { title: 'Promote an image', card: { contentType: cardType, content: dialogCard } },
      },
    });
  } else if (name === 'task/submit') {
    await respond({
      task: { type: 'message', value: `Asked for ${value.data.repository}: ${value.data.reason}` },
    });
  } else if (name === 'application/search') {
    const results = ['shop/web', 'shop/api'].map((one) => ({ title: one, value: one }));
    await respond({
      statusCode: 200,
      type: 'application/vnd.microsoft.search.searchResponse',
      value: { results },
    });
  }
}
