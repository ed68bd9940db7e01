namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>
/// Which rows a bag may see: one random bit a row, computed from the bag's seed when asked, so that nothing has to be kept to know
/// later which trees are out of bag for a row (SplitMix64 as a counter-based generator; Steele, Lea &amp; Flood 2014).
/// </summary>
internal static class HalfSample
{
    public static ulong BagSeed(ulong seed, int bag) => Mix(Mix(seed ^ 0xA0761D6478BD642FUL) + (ulong)bag * 0xE7037ED1A0B428DBUL);

    /// <summary>Bits of rows 64·block .. 64·block + 63, lowest first.</summary>
    public static ulong Block(ulong bagSeed, int block) => Mix(bagSeed + ((ulong)block + 1) * 0x9E3779B97F4A7C15UL);

    public static bool Contains(ulong bagSeed, int position) => (Block(bagSeed, position >> 6) >> (position & 63) & 1) != 0;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>Which bags hold which of some training rows.</summary>
/// <param name="BagSeeds">Seed of every bag.</param>
/// <param name="Positions">Position in the training rows of each row asked about; null when all are, in order.</param>
internal sealed record HeldOut(ulong[] BagSeeds, int[]? Positions)
{
    public bool Sees(int bag, int index) => HalfSample.Contains(BagSeeds[bag], Positions is null ? index : Positions[index]);
}
