/** Two halves and `_demo` make an account's name: 5 + 4 + 1 + 5 characters at most. */
export const FIRST_HALVES = (
  'amber apple aqua ashen aspen azure basil berry birch bliss bloom blue bold brave breeze brisk calm candy ' +
  'cedar cherry chill citrus civic clay clear cloud clover cobalt comet cool copper coral cozy crisp dawn delta dewy ' +
  'dusk dusty early easy ember fern field fig flint forest frost fuzzy gentle ginger glad glow golden grand green ' +
  'happy harbor hazel honey icy indigo ivory ivy jade jolly juicy keen kind lake lemon light lilac lime linen lively ' +
  'lofty lucky lunar mango maple meadow mellow merry minty misty mossy nimble noble north nova ocean olive onyx ' +
  'opal paper peach pearl pebble pine pixel plain plum polar poppy quick quiet rainy rapid river rosy royal ruby ' +
  'rusty sandy satin shady silky silver sleepy slow snowy soft solar south spicy spring starry steady still stone ' +
  'sugar sunny swift teal tidal tidy tiny topaz velvet vivid warm west wild windy winter witty woody zesty'
)
  .split(' ')
  .filter((half) => half.length <= 5);

export const SECOND_HALVES = (
  'ant ape bat bay bean bear bee bell bird boat book boot bow bus cafe cake cap cat chef clam coat cod cow crab crow cub cup ' +
  'deer dog dove duck elk elm fawn fish flea fox frog gnat goat gull hare hat hawk hen ibis jay kite kiwi lamb lamp ' +
  'lark leaf lion lynx mole moon moth mule newt note nut oak oat orca otter owl pear pie pony puma rook seal sloth star ' +
  'swan tea toad tree tuna vole wasp wave wolf wren yak'
)
  .split(' ')
  .filter((half) => half.length <= 4);
