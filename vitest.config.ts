import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // vitest leaves one core to itself, which of two is half of the time.
    maxWorkers: '100%',
    env: { AWS_EC2_METADATA_DISABLED: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'providers/**/*.ts'],
      exclude: ['src/cli/main.ts'],
      reporter: ['text', 'json-summary'],
    },
  },
});
