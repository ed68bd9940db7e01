using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Past;

/// <summary>Who was put into which arm of a past campaign. Files of the campaigns themselves may come along.</summary>
internal sealed class ExposuresReading(Template template) : IFileReading
{
    public string Kind => TemplateKinds.Exposures;

    public Template Template => template;

    public ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel) =>
        new ExposuresPlan(template, files, options).Judge(cancel);
}

internal sealed class ExposuresPlan(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options)
    : RowsPlan(template, files, options)
{
    private static readonly HashSet<string> Held = new(StringComparer.OrdinalIgnoreCase)
        { "0", "control", "holdout", "hold-out", "held back", "heldout", "none", "no", "false", "untreated", "baseline", "not sent", "对照",
            "对照组", "否" };

    private static readonly HashSet<string> Given = new(StringComparer.OrdinalIgnoreCase)
        { "1", "treated", "treatment", "test", "yes", "true", "variant", "exposed", "sent", "campaign", "target", "实验", "实验组", "是" };

    // What a person did once the message was there says nothing of whom it was sent to.
    private static readonly string[] Afterwards =
        ["opened", "open", "clicked", "click", "redeemed", "redemption", "converted", "conversion", "purchased", "ordered", "responded",
            "response", "visited", "unsubscribed", "viewed", "bounced"];

    private readonly IReadOnlyList<IRowSource> files = files;
    private readonly Dictionary<string, Dictionary<ulong, sbyte>> arms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CampaignRow> campaigns = new(StringComparer.Ordinal);
    private SortedDictionary<string, ArmBalance> balances = new(StringComparer.Ordinal);
    private HashSet<ulong> customers = [];
    private HashSet<(string, ulong)> taken = [];

    protected override IEnumerable<int> Mine => Enumerable.Range(0, files.Count).Where(f => !IsCampaigns(f));

    protected override IEnumerable<int> LookedAt => Enumerable.Range(0, files.Count);

    protected override ImportRefusedException? Refuse()
    {
        var main = Mine.FirstOrDefault();
        var columns = files.Count > main ? files[main].Columns : [];
        if (!Cells.Has("exposure", "customer"))
        {
            return new ImportRefusedException(
                "no-persons",
                "This is a report by campaign: one row each, no customers. Effects need one row a customer; "
                + "export the events 'Received Email', or who was put into which group.",
                string.Join(", ", columns.Take(12)));
        }

        var arm = Template.Field("exposure", "arm");
        var named = arm?.Columns.FirstOrDefault(Cells.IsThere);
        var after = named is not null ? (IsAfterwards(named) ? named : null) : arm is null ? null : columns.FirstOrDefault(IsAfterwards);
        return after is null ? null : AfterOutcome(after);
    }

    protected override void See(ISourceRow row, int file)
    {
        if (IsCampaigns(file))
            return;
        // Without formats yet: arm, campaign and customer are words.
        if (ArmOf(row) is { } arm && Cells.Id("exposure", "campaign", row) is { } campaign && CustomerOf(row) is { } customer
            && Chance(row, out _))
        {
            if (!arms.TryGetValue(Whole(campaign), out var known))
                arms[Whole(campaign)] = known = [];
            var key = TextHash.Of(Whole(customer));
            known[key] = known.TryGetValue(key, out var before) && before != arm ? (sbyte)-1 : (sbyte)arm;
        }
    }

    protected override void Begin()
    {
        (balances, customers, taken) = (new SortedDictionary<string, ArmBalance>(StringComparer.Ordinal), [], []);
        campaigns.Clear();
    }

    protected override IEnumerable<ReadRow> Before(CancellationToken cancel)
    {
        for (var file = 0; file < files.Count; file++)
        {
            if (!IsCampaigns(file))
                continue;
            foreach (var row in files[file].Read(cancel))
            {
                if (row.Fault is null && CampaignIn(row) is { } campaign && campaigns.TryAdd(campaign.Id, campaign))
                    yield return campaign with { File = file };
            }
        }
    }

    protected override ReadRow? Take(ISourceRow row, int file)
    {
        var customer = CustomerOf(row) ?? throw new OrderCells.FaultException("no-customer", "");
        var campaign = Cells.Id("exposure", "campaign", row) ?? throw new OrderCells.FaultException("no-campaign", "");
        var arm = ArmOf(row) ?? throw new OrderCells.FaultException("unknown-arm", Cells.Raw("exposure", "arm", row) ?? "");
        if (!Chance(row, out var chance))
            throw new OrderCells.FaultException("bad-propensity", Cells.Raw("exposure", "propensity", row) ?? "");
        customers.Add(TextHash.Of(customer));
        if (!balances.TryGetValue(campaign, out var balance))
            balances[campaign] = balance = new ArmBalance();
        var key = TextHash.Of(Whole(customer));
        var inBoth = arms[Whole(campaign)][key] < 0;
        if (!taken.Add((campaign, key)))
        {
            Count("duplicate_rows", inBoth ? 0 : 1);
            return null;
        }

        if (inBoth)
        {
            // In both arms: what they got cannot be said.
            balance.InBothArms++;
            return null;
        }

        balance.Add(arm, chance);
        return new ExposureRow(campaign, customer, arm, row.Number)
        {
            AssignedAt = Cells.Time("exposure", "assignedAt", row) ?? campaigns.GetValueOrDefault(campaign)?.StartsAt,
            Propensity = chance,
            Randomised = Cells.YesNo("exposure", "randomised", row) ?? chance is not null,
            ContactedAt = Cells.Time("exposure", "contactedAt", row),
        };
    }

    protected override void End()
    {
        Figures.Set("customers", customers.Count);
        if (Cells.Has("exposure", "arm"))
        {
            Figures.Set("campaigns", balances.ToDictionary(b => b.Key, b => (object)b.Value.Say()));
        }
        else
        {
            // Everybody got it: nobody was held back to compare with.
            Figures.Set("campaigns", balances.Count);
            Figures.Set("randomised", false);
        }

        if (balances.Where(b => b.Value.IsAlarming).Select(b => b.Key).ToList() is { Count: > 0 } alarming)
            Figures.Set("srm_campaigns", string.Join(", ", alarming));
    }

    private static ImportRefusedException AfterOutcome(string column) => new(
        "treatment-after-outcome",
        $"'{column}' says what customers did once the message was there, not who was sent it. Only who was put into which group, whatever they did, can be compared. Export the group, or the events 'Received Email'.",
        column);

    private static bool IsAfterwards(string column)
    {
        var words = column.ToLowerInvariant().Split(['_', ' ', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        return words.Any(Afterwards.Contains);
    }

    // Before a whole column was seen, nobody knows yet that 17850.0 is a number's way to write an id.
    private static string Whole(string id) => id.EndsWith(".0", StringComparison.Ordinal) ? id[..^2] : id;

    private string? CustomerOf(ISourceRow row) => Cells.People("exposure", "customer", row, Options).FirstOrDefault();

    private int? ArmOf(ISourceRow row)
    {
        if (!Cells.Has("exposure", "arm"))
            return 1;
        if (Cells.Text("exposure", "arm", row) is not { } word)
            return null;
        if (Held.Contains(word))
            return 0;
        return Given.Contains(word) ? 1 : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < 100 ? number : null;
    }

    /// <returns>False: what stands there is no chance.</returns>
    private bool Chance(ISourceRow row, out double? chance)
    {
        chance = null;
        if (Cells.Raw("exposure", "propensity", row) is not { } text || CsvNumber.IsMissing(text))
            return true;
        var read = CsvNumber.ReadExact(text);
        if ((read.Point ?? read.Comma) is not { } value || value <= 0 || value >= 1)
            return false;
        chance = (double)value;
        return true;
    }

    private CampaignRow? CampaignIn(ISourceRow row)
    {
        try
        {
            return CampaignsPlan.CampaignOf(Cells, row);
        }
        catch (OrderCells.FaultException)
        {
            Count("campaigns_not_read");
            return null;
        }
    }

    // A file that has the campaigns' columns and nobody in it.
    private bool IsCampaigns(int file) =>
        Template.Shape.Files is [var side, ..] && side.Header.All(h => HasColumn(file, h))
        && Template.Field("exposure", "customer")?.Columns.Any(c => HasColumn(file, c)) != true;

    private bool HasColumn(int file, string column) => files[file].Columns.Contains(column, StringComparer.OrdinalIgnoreCase);
}
