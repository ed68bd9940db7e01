using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>How each column is written that a template takes an amount, a time or an id from, judged over all its cells.</summary>
internal sealed class JudgedColumns
{
    private static readonly HashSet<string> Amounts = new(StringComparer.Ordinal)
    {
        "shipping", "tax", "total", "goods", "subtotal", "discount", "fee", "price", "paid", "unitCost", "amount", "quantity",
    };

    private static readonly HashSet<string> Times = new(StringComparer.Ordinal) { "at", "paidAt", "statusAt" };

    private static readonly HashSet<string> Ids = new(StringComparer.Ordinal) { "id", "customer", "sku", "productId" };

    private readonly List<Judged> judged = [];
    private readonly Dictionary<(string Scope, string Column), Judged?> found = [];
    private readonly Dictionary<(string Scope, CellMap Map), (Judged Column, int Place)[]> places = [];

    /// <param name="template">What is taken from where.</param>
    /// <param name="packed">Blocks whose columns are keys inside cells.</param>
    public JudgedColumns(Template template, IReadOnlySet<string> packed)
    {
        foreach (var (block, fields) in template.Blocks)
        {
            foreach (var (target, field) in fields.Fields)
            {
                foreach (var column in field.Columns.Concat(field.Less))
                    Add(packed.Contains(block) ? block : "", column, target, field);
            }
        }

        foreach (var column in template.Sums)
            Add("", column, "goods", new TemplateField([column]));
    }

    public IEnumerable<Judged> All => judged;

    /// <summary>Times have their say on zones by column.</summary>
    public IEnumerable<Judged> OfTime => judged.Where(j => j.Time is not null);

    /// <summary>
    /// Whether a zone is needed to read a column: not where its name says UTC, nor where another one is filled wherever it is, and counts.
    /// </summary>
    public bool NeedsZone(Template template, Judged column) => !ZoneClock.IsUtc(column.Column) && template.Blocks.Values
        .SelectMany(b => b.Fields.Values).Any(f => f.Zone is null && f.Columns.Contains(column.Column, StringComparer.OrdinalIgnoreCase)
            && !f.Columns.TakeWhile(c => !c.Equals(column.Column, StringComparison.OrdinalIgnoreCase))
                .Any(c => Find(column.Scope, c)?.Time is { Faulty: 0 } first && first.Filled >= column.Time!.Filled));

    public Judged? Find(string scope, string column)
    {
        if (!found.TryGetValue((scope, column), out var one))
            found[(scope, column)] = one = judged.Find(j => j.Scope == scope
                && string.Equals(j.Column, column, StringComparison.OrdinalIgnoreCase));
        return one;
    }

    public void See(string scope, FileRow row)
    {
        if (!places.TryGetValue((scope, row.Map), out var here))
        {
            var columns = judged.Where(j => j.Scope == scope).Select(j => (Column: j, Place: row.Map.Place(j.Column)));
            places[(scope, row.Map)] = here = [.. columns.Where(c => c.Place >= 0)];
        }

        foreach (var (column, place) in here)
        {
            if (row.Cells[place] is { } text)
                column.See(text);
        }
    }

    private void Add(string scope, string column, string target, TemplateField field)
    {
        if (judged.Find(j => j.Scope == scope && string.Equals(j.Column, column, StringComparison.OrdinalIgnoreCase)) is not { } one)
            judged.Add(one = new Judged(scope, column));
        if (Amounts.Contains(target))
            (one.Amount, one.IsQuantity) = (one.Amount ?? new AmountColumn(), one.IsQuantity || target == "quantity");
        else if (Times.Contains(target))
            one.Time ??= new TimeColumn(field.Formats);
        else if (target == "currency")
            one.Words ??= new SortedSet<string>(StringComparer.Ordinal);
        else if (Ids.Contains(target))
            one.Id ??= new IdColumn();
    }
}

/// <param name="Scope">Empty for a file's columns, else the block whose keys inside cells it is of.</param>
internal sealed record Judged(string Scope, string Column)
{
    public AmountColumn? Amount { get; set; }

    public bool IsQuantity { get; set; }

    public TimeColumn? Time { get; set; }

    public IdColumn? Id { get; set; }

    /// <summary>The different texts, where they matter and are few.</summary>
    public SortedSet<string>? Words { get; set; }

    public void See(string text)
    {
        // Several amounts of a list.
        if (Amount is not null && Column.Contains("[]", StringComparison.Ordinal) && text.Contains(','))
        {
            foreach (var one in text.Split(','))
                Amount.See(one);
            return;
        }

        if (Words is { Count: < 50 } words && text.Trim().Length == 3)
            words.Add(text.Trim().ToUpperInvariant());
        Amount?.See(text);
        Time?.See(text);
        Id?.See(text);
    }

    public ColumnJudgement Say(int file) => Amount is { } amount
        ? new ColumnJudgement(file, Column, amount.Format, amount.Filled, amount.Faulty, amount.Repaired)
        : Time is { } time
            ? new ColumnJudgement(file, Column, time.Format, time.Filled, time.Faulty, time.Repaired)
            : new ColumnJudgement(file, Column, Id is { AreFloats: true } ? "number-as-text" : "text", 0, 0, 0);

    /// <summary>What a person said of its mark, or of day and month.</summary>
    public void Answer(IReadOnlyDictionary<string, string> answers)
    {
        if (Amount is { } amount && answers.TryGetValue($"decimal:{Column}", out var mark))
            amount.Decide(mark == "comma" ? DecimalMark.Comma : DecimalMark.Point);
        if (Time is { } time && answers.TryGetValue($"two-readings-date:{Column}", out var order))
            time.Answer(order == "day-first");
    }
}
