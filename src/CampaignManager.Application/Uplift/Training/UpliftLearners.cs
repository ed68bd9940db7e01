using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Auto;
using CampaignManager.Engine.Uplift.Learners.Forest;
using CampaignManager.Engine.Uplift.Learners.Meta;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>A learner as the API and the dialog name it.</summary>
/// <param name="Name">As in uplift literature: <c>auto</c>, <c>s</c>, <c>dr</c> ...</param>
/// <param name="TakesBase">Whether it is built on a base learner that may be chosen.</param>
public sealed record LearnerInfo(string Name, bool TakesBase);

/// <summary>Every learner there is.</summary>
public static class UpliftLearners
{
    public const string Auto = "auto";

    /// <summary>Predicts who buys, not who is moved: shown beside the others, and never put into use.</summary>
    public const string Response = "response";

    public const string Trees = "trees";

    public const string Linear = "linear";

    /// <summary>ML.NET's LightGBM as the base of <c>t</c>.</summary>
    public const string LightGbm = "lightgbm";

    public static readonly IReadOnlyList<LearnerInfo> All =
    [
        new(Auto, false), new("s", true), new("t", true), new("x", true), new("dr", true), new("r", true), new("class", true), new("forest", false), new("dragonnet", false), new("rule", false), new("ate", false),
        new(Response, false),
    ];

    public static readonly IReadOnlyList<string> Bases = [Trees, Linear, LightGbm];

    public static LearnerInfo? Find(string name) => All.FirstOrDefault(l => l.Name == name);

    /// <summary>The learner behind a name.</summary>
    /// <param name="time">What <c>auto</c> is given; null: as much as is needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none of that name and base.</exception>
    public static IUpliftLearner Create(string name, string basis = Trees, IFitTime? time = null) => (name, basis) switch
    {
        (Auto, _) => new AutoLearner(Candidates(), new AutoOptions(Time: time)),
        ("forest", _) => Forest(new ForestOptions()),
        ("dragonnet", _) => new DragonnetLearner(),
        ("rule", _) => new BestRule(),
        ("ate", _) => new ConstantEffect(),
        (Response, _) => new ResponseLearner(),
        ("t", LightGbm) => new LightGbmTLearner(),
        ("s", _) => new SLearner(Base(basis)),
        ("t", _) => new TLearner(Base(basis)),
        ("x", _) => new XLearner(Base(basis)),
        ("dr", _) => new DrLearner(Base(basis)),
        ("r", _) => new RLearner(Base(basis)),
        ("class", _) => new ClassTransformation(Base(basis)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such learner."),
    };

    // Class transformation is there for comparison only; r differs from dr only where propensities do; forest and network take long and won nothing in trials.
    // Priors: the simplest are right most often where little is known (docs/decisions/uplift-learners.md). Costs: about seconds of five folds of 59,000 rows.
    private static List<AutoCandidate> Candidates() =>
    [
        new("rule", new BestRule(), 3, Cost: 0),
        new("s-trees", new SLearner(), 0.5, Flexible: true, Cost: 3.7), new("s-linear", new SLearner(BaseLearner.Linear), 4, Cost: 4),
        new("s-sparse", new SLearner(BaseLearner.Sparse), Cost: 5),
        new("t-trees", new TLearner(), 0.1, Flexible: true, Cost: 1.3), new("t-linear", new TLearner(BaseLearner.Linear), Cost: 4.4),
        new("x-trees", new XLearner(), 0.3, Flexible: true, Cost: 1.8), new("x-linear", new XLearner(BaseLearner.Linear), Cost: 2.5),
        new("dr-trees", new DrLearner(), 0.2, Flexible: true, Cost: 1.4), new("dr-linear", new DrLearner(BaseLearner.Linear), 2, Cost: 2.5),
        new("dr-sparse", new DrLearner(BaseLearner.Sparse), Cost: 3),
    ];

    // Centred on the same cross-fitted outcomes as the other second stages.
    private static CausalForestLearner Forest(ForestOptions options) => new(options, (task, rows, context) =>
    {
        var nuisances = Nuisances.CrossFit(task, rows, context);
        return [.. rows.Select(i => nuisances.Mean(task, i))];
    });

    private static BaseLearner Base(string basis) => basis switch
    {
        Trees => BaseLearner.Trees,
        Linear => BaseLearner.Linear,
        _ => throw new ArgumentOutOfRangeException(nameof(basis), basis, "There is no such base."),
    };
}
