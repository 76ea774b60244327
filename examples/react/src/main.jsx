import { createRoot } from 'react-dom/client';
import { BackupKey } from './backup-key.jsx';

createRoot(document.getElementById('root')).render(<BackupKey />);
