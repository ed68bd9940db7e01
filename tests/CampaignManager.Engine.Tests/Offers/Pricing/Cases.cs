using CsCheck;
using Xunit.Sdk;

namespace CampaignManager.Engine.Tests.Offers.Pricing;

/// <summary>
/// Ten thousand cases, the same ones on every run: a library's own sampling takes a seed for its first case only.
/// A failure names its case's seed; <c>Sample(..., seed)</c> then shrinks it.
/// </summary>
internal static class Cases
{
    private const int Count = 10_000;
    private const string Seed = "0N0XIzNsQ0O2";

    public static void Holds<T>(this Gen<T> gen, Action<T> check)
    {
        var random = PCG.Parse(Seed);
        for (var i = 0; i < Count; i++)
        {
            var state = random.State;
            var value = gen.Generate(random, null, out _);
            try
            {
                check(value);
            }
            catch (Exception e)
            {
                throw new XunitException($"Case {i}, seed {random.ToString(state)}: {e.Message}\n{Check.Print(value)}", e);
            }
        }
    }

    public static void Holds<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> check) => gen.Holds(v => check(v.Item1, v.Item2));

    public static void Holds<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> check) => gen.Holds(v => check(v.Item1, v.Item2, v.Item3));

    public static void Holds<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, Action<T1, T2, T3, T4> check) => gen.Holds(v => check(v.Item1, v.Item2, v.Item3, v.Item4));
}
