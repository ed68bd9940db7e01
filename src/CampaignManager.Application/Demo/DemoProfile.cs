namespace CampaignManager.Application.Demo;

/// <summary>What the shop's customer list says beside where a customer lives and buys. Has no bearing on what they do.</summary>
internal readonly record struct DemoProfile(string Country, bool EmailOptIn, bool OptOutMarketing, bool OptOutPersonalisation, string? Tag)
{
    private static readonly string[] Abroad = ["HK", "MO", "TW", "SG"];
    private static readonly string[] Tags = ["企业采购", "学生", "直播间", "老带新"];
    private static readonly double[] TagWeights = [0.15, 0.25, 0.35, 0.25];

    public static DemoProfile Draw(long seed, int index)
    {
        var random = DemoRandom.For(seed, Streams.Profile, index);
        var country = random.Chance(0.03) ? Abroad[random.Below(Abroad.Length)] : "CN";
        var tag = random.Chance(0.2) ? Tags[random.Pick(TagWeights)] : null;
        var quiet = random.Chance(0.04);
        return new DemoProfile(country, !quiet && random.Chance(0.62), quiet, random.Chance(0.02), tag);
    }
}
