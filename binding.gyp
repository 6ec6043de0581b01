# For `node-gyp rebuild` and prebuildify only: hands over to the build of CMakeLists.txt. Not in the npm package.
{
  'targets': [
    {
      'target_name': 'robertorch',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cmake',
          'inputs': [],
          # Never made, so that the action always runs: the script itself knows what is up to date.
          'outputs': ['<(PRODUCT_DIR)/always'],
          'action': ['node', '--import', 'tsx', 'scripts/build.ts', '--native'],
        },
      ],
    },
  ],
}
