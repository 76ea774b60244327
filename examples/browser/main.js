import { VaultError, WebDeviceStore, webWorkerStretcher } from '@strongroom/client';
import { developmentVault } from '@strongroom/client/development';

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');

for (const button of form.querySelectorAll('button')) button.addEventListener('click', () => run(button.value));

async function run(job) {
  const { gateway, account, code } = Object.fromEntries(new FormData(form));
  status.textContent = '…';
  try {
    const vault = await developmentVault({
      gatewayUrl: gateway,
      // A file of the application itself: it decides whom to believe, so it never comes from the gateway.
      trustRoot: await (await fetch('trust-root.json')).text(),
      account,
      deviceStore: new WebDeviceStore(localStorage),
      stretcher: webWorkerStretcher(),
    });
    status.textContent = job === 'protect' ? await protect(vault, code) : await recover(vault, code);
  } catch (error) {
    status.textContent = error instanceof VaultError ? `${error.code}: ${error.message}` : String(error);
  }
}

async function protect(vault, code) {
  const backupKey = crypto.getRandomValues(new Uint8Array(32));
  const { status, votedBy } = await vault.protect(backupKey, code);
  if (status === 'pending') return 'another device protected this account before: its key stays until the cool-down is over';
  return `protected key ${await fingerprint(backupKey)}, voted by nodes ${votedBy.join(', ')}`;
}

async function recover(vault, code) {
  const { backupKey, attemptsLeft } = await vault.recover(code);
  const name = await fingerprint(backupKey.reveal());
  backupKey.wipe();
  return `recovered key ${name}, ${attemptsLeft} attempts left`;
}

/** Enough to see that two keys are the same, and nothing of the key. */
async function fingerprint(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
