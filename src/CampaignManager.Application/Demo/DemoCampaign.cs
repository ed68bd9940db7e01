using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Demo;

/// <summary>One campaign of the demo shop's past or present.</summary>
/// <param name="Key">Names it in the code and makes its id and salt.</param>
/// <param name="NameEn">Its name in English.</param>
/// <param name="NameZh">Its name in Chinese.</param>
/// <param name="StartsBefore">Days before the end of the history on which it starts.</param>
/// <param name="Duration">Days that it runs.</param>
/// <param name="Offer">What it grants.</param>
/// <param name="Categories">Its scope; empty means the whole shop.</param>
/// <param name="Audience">Lifecycles that it is for; empty means everyone.</param>
/// <param name="Budget">Discount budget in yuan.</param>
internal sealed record DemoCampaign(
    string Key, string NameEn, string NameZh, int StartsBefore, int Duration, Offer Offer, string[] Categories, Lifecycle[] Audience, decimal Budget)
{
    public const double Holdout = 0.2;

    /// <summary>Key of the audience of members above the first tier.</summary>
    public const string Members = "audience:members";

    /// <summary>Whether it is for members above the first tier only.</summary>
    public bool ForMembers { get; private init; }

    public bool IsPast => StartsBefore > ResponseModel.WindowDays;

    public Guid Id { get; private init; }

    public string Salt { get; private init; } = "";

    /// <summary>The same campaign with an id and a salt that depend on nothing but the seed and the key.</summary>
    public DemoCampaign WithIdentity(long seed) => this with { Id = Identity(seed, Key), Salt = Identity(seed, "salt:" + Key).ToString("N") };

    public static Guid Identity(long seed, string key) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"demo:{seed}:{key}"))).AsSpan(0, 16));

    public CampaignRules Rules(DateOnly end) => new()
    {
        Offer = Offer,
        Scope = new Scope { Include = Categories.Length == 0 ? null : new ScopeSelector { Categories = Categories } },
        Audience = new Audience { AnyOf = ForMembers ? [Members] : [.. Audience.Select(a => a.Key())] },
        Schedule = new Schedule { Start = end.AddDays(-StartsBefore), End = end.AddDays(Duration - StartsBefore - 1) },
        Limits = new Limits { Budget = Budget },
        Experiment = new ExperimentPlan { HoldoutPercent = (decimal)(Holdout * 100), AttributionDays = ResponseModel.WindowDays },
    };

    /// <summary>Ten that have ended, of different mechanics and scopes, and two that run. Windows of two campaigns for the same customer never meet.</summary>
    public static IReadOnlyList<DemoCampaign> All { get; } =
    [
        new("yearly-200-30", "Anniversary: 30 off 200", "周年庆 满200减30", 352, 14, Tiers((200, 30)), [], [], 60_000),
        new("home-100-15", "Fresh start at home: 15 off 100", "焕新家 满100减15", 306, 14, Tiers((100, 15)), ["kitchen", "home", "garden"], [], 20_000),
        new("outdoor-300-50", "Get moving: 50 off 300", "动起来 满300减50", 262, 14, Tiers((300, 50)), ["shoes", "sports", "electronics", "toys"], [], 20_000),
        new("spring-400-80", "Spring sale: up to 80 off 400", "春季大促 满200减30 满400减80", 218, 14, Tiers((200, 30), (400, 80)), ["beauty", "baby", "kitchen", "shoes", "food", "home"], [], 60_000),
        new("every-150-20", "Every 150 spent, 20 off", "每满150减20 最多三次", 172, 14, new FullReduction { Every = 150, Off = 20, MaxTimes = 3 }, ["food", "beauty", "baby", "pets"], [], 30_000),
        new("percent-12", "12% off learning and play", "益智好物 全场88折", 128, 14, new PercentOff { Tiers = [new PercentTier(null, 12)], Cap = 60 }, ["books", "toys", "electronics", "sports", "shoes"], [], 20_000),
        new("member-day", "Member day: 12% off for silver and gold", "会员日 银卡金卡88折", 106, 3, new PercentOff { Tiers = [new PercentTier(100, 12)], Cap = 60 }, [], [], 10_000) { ForMembers = true },
        new("ship-59", "Free shipping from 59", "满59包邮", 84, 14, new FreeShipping { Spend = 59 }, [], [], 25_000),
        new("shoes-200-30", "New season shoes: 30 off 200", "新季鞋靴 满200减30", 61, 14, Tiers((200, 30)), ["shoes"], [], 15_000),
        new("home-200-30", "Kitchen and home: 30 off 200", "厨房家居 满200减30", 36, 14, Tiers((200, 30)), ["kitchen", "home", "food", "pets", "garden"], [], 30_000),
        new("welcome-100-20", "Welcome: 20 off 100", "新客礼 满100减20", 6, 12, Tiers((100, 20)), ["beauty", "food", "shoes"], [Lifecycle.New], 20_000),
        new("comeback-10", "We miss you: 10% off", "老友回归 全场9折", 4, 14, new PercentOff { Tiers = [new PercentTier(80, 10)], Cap = 80 }, [], [Lifecycle.Lapsing, Lifecycle.Lapsed], 25_000),
    ];

    private static FullReduction Tiers(params (decimal Spend, decimal Off)[] tiers) => new() { Tiers = [.. tiers.Select(t => new SpendTier(t.Spend, t.Off))] };
}
