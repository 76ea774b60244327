import { DeviceStore } from './device-store.js';

const PREFIX = 'strongroom.';

/**
 * Keeps the texts in a Web Storage object such as `localStorage`. Every script of the origin can read it, the owner key
 * included: pages that load code of others should implement `DeviceStore` on something that those scripts cannot reach.
 */
export class WebDeviceStore extends DeviceStore {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    super();
  }

  override async read(name: string): Promise<string | null> {
    return this.storage.getItem(PREFIX + name);
  }

  override async write(name: string, text: string): Promise<void> {
    this.storage.setItem(PREFIX + name, text);
  }

  override async remove(name: string): Promise<void> {
    this.storage.removeItem(PREFIX + name);
  }
}
