/** For specs only: bugs that the specs of the webhook must find, as docs/adr/0034 has them. */
export const PLANTED_BUGS = [
  service('believes whoever says to be a node', '!nodeVerifier.verify(', 'false && !nodeVerifier.verify('),
  service('believes a node of another epoch', '|| said.epoch !== fleet.epoch', ''),
  service('tells again what was told long ago', 'this.clock.nowMs() - said.atMs > GIVE_UP_MS', 'false'),
  service('forgets what was said while it was away', 'for (const fleetId of this.followed.keys())', 'for (const fleetId of [])'),
  service('tells what one node says', 'this.tally.count(notice, fleet.q)', 'this.tally.count(notice, 1)'),
  planted('webhook/notice-tally.js', 'webhook.service', 'counts one node twice', 'nodes.add(node);', 'nodes.add(nodes.size);'),
  planted('webhook/notice-tally.js', 'webhook.service', 'tells again and again', "if (nodes === 'told')", 'if (false)'),
  planted(
    'webhook/webhook-message.js',
    'webhook.service',
    'names the account',
    'webhookAccount(secret.reveal(), uid)',
    "Buffer.from(uid).toString('base64url')",
  ),
  planted('webhook/webhook-message.js', 'webhook.service', 'signs no time', '`${id}.${timestamp}.${body}`', '`${id}..${body}`'),
  sender('follows a redirect', "redirect: 'manual'", "redirect: 'follow'"),
  sender('gives up after one try', 'this.waiting.unshift(one);', ''),
  sender('keeps ever more', 'if (this.waiting.length > MAX_WAITING)', 'if (false)'),
  sender('tries for ever', 'nowMs - sinceMs < GIVE_UP_MS', 'true'),
  sender('hammers a receiver that is down', 'this.pausedUntilMs = this.options.clock.nowMs() + waitMs;', ''),
];

function service(name: string, find: string, replace: string) {
  return planted('webhook/webhook.service.js', 'webhook.service', name, find, replace);
}

function sender(name: string, find: string, replace: string) {
  return planted('webhook/webhook-sender.js', 'webhook-sender', name, find, replace);
}

function planted(file: string, spec: string, name: string, find: string, replace: string) {
  return { file, name, find, replace, spec: `webhook/${spec}.spec.js` };
}
