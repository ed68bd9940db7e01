using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Column of the table that a column of the file becomes.</summary>
/// <param name="Column">Place in the file.</param>
/// <param name="Source">Its header.</param>
/// <param name="Name">Name in the Parquet file, without its prefix.</param>
/// <param name="Categorical">True when the mapping says that it is names.</param>
internal sealed record PlannedFeature(int Column, string Source, string Name, bool Categorical);

/// <param name="Yes">Of a binary outcome: what means yes beside the usual words.</param>
internal sealed record PlannedOutcome(int Column, UpliftOutcome Outcome, IReadOnlyList<string>? Yes = null);

/// <summary>A mapping laid over a file's header: everything a row needs to be read, by column number.</summary>
internal sealed record DataSetPlan(
    int TreatmentColumn,
    IReadOnlyList<string> Arms,
    IReadOnlyList<PlannedOutcome> Outcomes,
    IReadOnlyList<PlannedFeature> Features,
    bool FeaturesAreTheRest,
    int? CustomerColumn,
    double? Propensity,
    int? PropensityColumn,
    (int Column, string Train, string Test)? Split,
    bool Randomised)
{
    public const int MaxArms = 20;

    /// <summary>Fits the mapping to the header, or says what does not fit.</summary>
    /// <param name="mapping">What someone wants.</param>
    /// <param name="header">The file's columns.</param>
    /// <param name="currency">The shop's, for money outcomes without one.</param>
    public static Outcome<DataSetPlan> Of(DataSetMapping mapping, IReadOnlyList<string> header, string currency)
    {
        var fit = new Fit(header);
        var arms = ArmsOf(mapping.Treatment, fit.Errors);
        var treatment = fit.Take(mapping.Treatment.Column, "mapping.treatment.column", "treatment") ?? -1;
        var outcomes = OutcomesOf(mapping, fit, currency);
        var customer = fit.Take(mapping.CustomerId, "mapping.customerId", "customerId");
        var propensityColumn = fit.Take(mapping.Propensity?.Column, "mapping.propensity", "propensity");
        if (mapping.Propensity?.Value is { } p && p is not (> 0 and < 1))
            fit.Errors.Add("mapping.propensity", "A propensity lies between 0 and 1, without the ends.");
        if (!mapping.Randomised && mapping.Propensity is not null)
            fit.Errors.Add("mapping.propensity", "Where the arms were not drawn at random the propensity is estimated in training: leave it out, or say that they were.");
        var splitColumn = fit.Take(mapping.Split?.Column, "mapping.split.column", "split");
        if (mapping.Split is { } split && split.Train == split.Test)
            fit.Errors.Add("mapping.split", "Train and test need different values.");
        var features = FeaturesOf(mapping, fit, header);
        if (fit.Errors.Any)
            return fit.Errors.ToFailure();
        return new DataSetPlan(
            treatment, arms, outcomes, features, mapping.Features is null, customer, mapping.Propensity?.Value, propensityColumn,
            splitColumn is { } column ? (column, mapping.Split!.Train, mapping.Split.Test) : null, mapping.Randomised);
    }

    private static string[] ArmsOf(TreatmentMapping treatment, MappingErrors errors)
    {
        if (treatment.Control.Length == 0)
            errors.Add("mapping.treatment.control", "Say which value means control.");
        if (treatment.Arms.Contains(treatment.Control))
            errors.Add("mapping.treatment.arms", "The control value cannot be a treated arm as well.");
        if (treatment.Arms.Any(arm => arm.Length == 0))
            errors.Add("mapping.treatment.arms", "An arm needs a value.");
        if (treatment.Arms.Distinct(StringComparer.Ordinal).Count() != treatment.Arms.Count)
            errors.Add("mapping.treatment.arms", "An arm is named twice.");
        if (treatment.Arms.Count >= MaxArms)
            errors.Add("mapping.treatment.arms", string.Create(CultureInfo.InvariantCulture, $"At most {MaxArms - 1} treated arms."));
        return [treatment.Control, .. treatment.Arms];
    }

    private static List<PlannedOutcome> OutcomesOf(DataSetMapping mapping, Fit fit, string shopCurrency)
    {
        var names = new ColumnNames();
        var outcomes = new List<PlannedOutcome>();
        if (mapping.Outcomes.Count == 0)
            fit.Errors.Add("mapping.outcomes", "Give at least one outcome.");
        for (var i = 0; i < mapping.Outcomes.Count; i++)
        {
            var outcome = mapping.Outcomes[i];
            var path = string.Create(CultureInfo.InvariantCulture, $"mapping.outcomes[{i}]");
            var column = fit.Take(outcome.Column, path + ".column", path);
            if (outcome.Kind is not (UpliftOutcome.Binary or UpliftOutcome.Money))
                fit.Errors.Add(path + ".kind", "The kind is \"binary\" or \"money\".");
            var currency = outcome.Kind == UpliftOutcome.Money ? outcome.Currency ?? shopCurrency : null;
            if (currency is not null && !Currency.TryGet(currency, out _))
                fit.Errors.Add(path + ".currency", $"'{currency}' is not a currency known here. Use an ISO code such as CNY or USD.");
            if (outcome.Yes is not null && outcome.Kind != UpliftOutcome.Binary)
                fit.Errors.Add(path + ".yes", "Only a binary outcome has values that mean yes.");
            outcomes.Add(new PlannedOutcome(column ?? -1, new UpliftOutcome(names.Make(outcome.Column), outcome.Kind, currency, outcome.Column), outcome.Yes));
        }

        return outcomes;
    }

    private static List<PlannedFeature> FeaturesOf(DataSetMapping mapping, Fit fit, IReadOnlyList<string> header)
    {
        // Unnamed columns are mostly the row numbers of another program; they are taken only when named.
        var columns = mapping.Features ?? [.. header.Where((name, i) => !fit.Taken(i) && name != string.Create(CultureInfo.InvariantCulture, $"column_{i + 1}"))];
        foreach (var name in mapping.Categorical.Where(c => !columns.Contains(c, StringComparer.Ordinal)))
            fit.Errors.Add("mapping.categorical", fit.Has(name) ? $"'{name}' is not among the features." : Fit.Missing(name, header));
        var names = new ColumnNames();
        var features = new List<PlannedFeature>();
        foreach (var name in columns)
        {
            if (fit.Take(name, "mapping.features", "features") is { } column)
                features.Add(new PlannedFeature(column, name, names.Make(name), mapping.Categorical.Contains(name, StringComparer.Ordinal)));
        }

        return features;
    }

    // Each column has one part.
    private sealed class Fit(IReadOnlyList<string> header)
    {
        private readonly Dictionary<int, string> taken = [];

        public MappingErrors Errors { get; } = new();

        public bool Taken(int column) => taken.ContainsKey(column);

        public bool Has(string name) => Find(name) is not null;

        public int? Take(string? name, string path, string part)
        {
            if (name is null)
                return null;
            if (Find(name) is not { } column)
                Errors.Add(path, Missing(name, header));
            else if (!taken.TryAdd(column, part))
                Errors.Add(path, $"Column '{name}' is already used as {taken[column]}.");
            else
                return column;
            return null;
        }

        public static string Missing(string name, IReadOnlyList<string> header) =>
            name.Length == 0 ? "Choose a column." : $"The file has no column '{name}'. It has: {string.Join(", ", header.Take(40))}.";

        private int? Find(string name)
        {
            for (var i = 0; i < header.Count; i++)
            {
                if (string.Equals(header[i], name, StringComparison.Ordinal))
                    return i;
            }

            return null;
        }
    }
}
