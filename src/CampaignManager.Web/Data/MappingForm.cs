using CampaignManager.Application.Imports;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Web.Data;

/// <summary>What a column is for.</summary>
public enum ColumnPart { Feature, Category, YesNo, Money, Treatment, Customer, Propensity, Split, Ignored }

/// <summary>The mapping as the wizard edits it: a part for every column, from which the mapping follows.</summary>
public sealed class MappingForm
{
    private readonly FileInspection file;
    private readonly Dictionary<string, ColumnPart> parts;

    public MappingForm(FileInspection file, DataSetMapping start, string currency)
    {
        this.file = file;
        Name = start.Name ?? "";
        Currency = start.Outcomes.Select(o => o.Currency).FirstOrDefault(c => c is not null) ?? currency;
        parts = file.Columns.ToDictionary(c => c.Name, c => PartOf(c.Name, start), StringComparer.Ordinal);
        Control = start.Treatment.Control;
        Arms = start.Treatment.Arms.Count > 0 ? [.. start.Treatment.Arms] : [.. MappingGuess.ArmsOf(Treatment, Control)];
        GivenPropensity = start.Propensity?.Value;
        Randomised = start.Randomised;
        Train = start.Split?.Train ?? "train";
        Test = start.Split?.Test ?? "test";
        Decimal = start.Decimal;
        Encoding = start.Encoding;
    }

    public string Name { get; set; }

    public string Currency { get; set; }

    public string Control { get; private set; }

    public IReadOnlyCollection<string> Arms { get; set; }

    /// <summary>P(treated) when it is known as one number; null takes the observed shares or a column.</summary>
    public double? GivenPropensity { get; set; }

    /// <summary>Whether the arms were drawn at random. If not, a number given for the chance of treatment is not used.</summary>
    public bool Randomised { get; set; }

    public string Train { get; set; }

    public string Test { get; set; }

    /// <summary>The sign that parts whole and fraction; null judges by the columns.</summary>
    public DecimalMark? Decimal { get; set; }

    /// <summary>The file's encoding as chosen; null is as found.</summary>
    public string? Encoding { get; set; }

    public ColumnProfile? Treatment => file.Columns.FirstOrDefault(c => parts[c.Name] == ColumnPart.Treatment)?.AsTreatment();

    /// <summary>What the treatment column holds; nothing when it holds too many different values to be a treatment.</summary>
    public IReadOnlyList<string> Values => Treatment is { Distinct: <= 20 } treatment ? [.. treatment.Values.Select(v => v.Text).Order(StringComparer.Ordinal)] : [];

    public bool Has(ColumnPart part) => parts.ContainsValue(part);

    public ColumnPart this[string column] => parts[column];

    /// <summary>Gives a column its part. Of the parts that only one column can have, the column before becomes a feature again.</summary>
    public void Set(string column, ColumnPart part)
    {
        if (part is ColumnPart.Treatment or ColumnPart.Customer or ColumnPart.Propensity or ColumnPart.Split)
        {
            foreach (var other in parts.Where(p => p.Value == part).Select(p => p.Key).ToList())
                parts[other] = ColumnPart.Feature;
        }

        parts[column] = part;
        if (part == ColumnPart.Treatment)
            SetControl(Values.FirstOrDefault(MappingGuess.IsControl) ?? "");
    }

    public void SetControl(string control)
    {
        Control = control;
        Arms = [.. Values.Where(v => v != control)];
    }

    public DataSetMapping ToMapping() => new()
    {
        Name = Name.Trim(),
        CustomerId = Only(ColumnPart.Customer),
        Treatment = new TreatmentMapping(Treatment?.Name ?? "", Control, [.. Values.Where(v => Arms.Contains(v))]),
        Outcomes = [.. file.Columns.Where(c => parts[c.Name] is ColumnPart.YesNo or ColumnPart.Money)
            .Select(c => parts[c.Name] == ColumnPart.YesNo ? new OutcomeMapping(c.Name, UpliftOutcome.Binary) : new OutcomeMapping(c.Name, UpliftOutcome.Money, Currency))],
        Features = Has(ColumnPart.Ignored) ? [.. file.Columns.Where(c => parts[c.Name] is ColumnPart.Feature or ColumnPart.Category).Select(c => c.Name)] : null,
        Categorical = [.. file.Columns.Where(c => parts[c.Name] == ColumnPart.Category).Select(c => c.Name)],
        Propensity = Only(ColumnPart.Propensity) is { } column ? new PropensityMapping(null, column) : Randomised && GivenPropensity is { } value ? new PropensityMapping(value, null) : null,
        Randomised = Randomised,
        Split = Only(ColumnPart.Split) is { } split ? new SplitMapping(split, Train.Trim(), Test.Trim()) : null,
        Decimal = Decimal,
        Encoding = Encoding,
    };

    private string? Only(ColumnPart part) => file.Columns.Where(c => parts[c.Name] == part).Select(c => c.Name).FirstOrDefault();

    private static ColumnPart PartOf(string column, DataSetMapping mapping)
    {
        if (mapping.Treatment.Column == column)
            return ColumnPart.Treatment;
        if (mapping.CustomerId == column)
            return ColumnPart.Customer;
        if (mapping.Propensity?.Column == column)
            return ColumnPart.Propensity;
        if (mapping.Split?.Column == column)
            return ColumnPart.Split;
        if (mapping.Outcomes.FirstOrDefault(o => o.Column == column) is { } outcome)
            return outcome.Kind == UpliftOutcome.Binary ? ColumnPart.YesNo : ColumnPart.Money;
        if (mapping.Categorical.Contains(column))
            return ColumnPart.Category;
        return mapping.Features is null || mapping.Features.Contains(column) ? ColumnPart.Feature : ColumnPart.Ignored;
    }
}
