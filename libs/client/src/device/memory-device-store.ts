import { DeviceStore } from './device-store.js';

/** Forgets everything with the process: for tests and for a device used once. */
export class MemoryDeviceStore extends DeviceStore {
  private readonly texts = new Map<string, string>();

  override async read(name: string): Promise<string | null> {
    return this.texts.get(name) ?? null;
  }

  override async write(name: string, text: string): Promise<void> {
    this.texts.set(name, text);
  }

  override async remove(name: string): Promise<void> {
    this.texts.delete(name);
  }
}
