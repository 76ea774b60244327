// Vite's development server would bundle the SDK anew and lose its worker.
export default { optimizeDeps: { exclude: ['@strongroom/client'] } };
