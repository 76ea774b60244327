// node recover.mjs TRUST-ROOT [GATEWAY]: the whole job against a vault that runs for development.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MemoryDeviceStore, VaultError } from '@strongroom/client';
import { developmentVault } from '@strongroom/client/development';
import { workerThreadStretcher } from '@strongroom/client/node';

const [trustRootFile, gatewayUrl = 'http://127.0.0.1:8480'] = process.argv.slice(2);
const trustRoot = readFileSync(trustRootFile, 'utf8'); // ship it with your application: it decides whom to believe
const account = `example-${randomBytes(6).toString('hex')}`;

/** Each has a store and a binding key of its own; FileDeviceStore would keep them. */
const device = (options) =>
  developmentVault({
    gatewayUrl,
    trustRoot,
    account,
    deviceStore: new MemoryDeviceStore(),
    stretcher: workerThreadStretcher(),
    ...options,
  });

const backupKey = randomBytes(32); // encrypts the backup; only this key goes into the vault
const phone = await device({ keepCodeCheck: true });
const { version, votedBy } = await phone.protect(backupKey, 'seven quiet otters');
console.log(`protected as version ${version}, voted by nodes ${votedBy.join(', ')}`);
console.log(`asked later on the same device, the code is ${await phone.checkCode('seven quiet otters', backupKey)}`); // costs no attempt

const newPhone = await device();
try {
  await newPhone.recover('seven loud otters');
} catch (error) {
  if (!(error instanceof VaultError) || error.code !== 'CODE_WRONG') throw error;
  console.log(`wrong code, ${error.metadata.attemptsLeft} attempts left`);
}
const recovered = await newPhone.recover('seven quiet otters');
console.log(timingSafeEqual(recovered.backupKey.reveal(), backupKey) ? 'recovered the same key' : 'recovered another key');
recovered.backupKey.wipe();
