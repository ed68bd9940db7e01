using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>
/// The first passes over files of orders: how columns are written, then whether the orders add up and who their customers are.
/// </summary>
internal sealed class OrdersPlan : ReadingPlan
{
    private OrderProfile profile = null!;
    private OrderFiles files = null!;
    private RawOrders orders = null!;
    private OrderReader reader = null!;
    private OrderBuilder builder = null!;
    private Template template = null!;
    private ReadingOptions options = null!;

    /// <summary>Orders in other currencies are rejected, where one was chosen among several.</summary>
    private string? only;

    private OrdersPlan()
    {
    }

    public static OrdersPlan Of(Template template, IReadOnlyList<IRowSource> sources, ReadingOptions options, CancellationToken cancel)
    {
        template = Chosen(template, options);
        if (OrderQuestions.NoId(template, sources) is { } noId)
            return new OrdersPlan { Refusal = noId };
        var files = new OrderFiles(template, sources);
        var rows = new OrderRows(template, files);
        var packed = new HashSet<string>(StringComparer.Ordinal);
        if (rows.Packed is not null)
            packed.Add("line");
        if (template.Block("refund").Items is not null)
            packed.Add("refund");
        var columns = new JudgedColumns(template, packed);
        var profile = OrderProfile.Of(template, files, rows, columns, cancel);
        if (OrderQuestions.CommaUnquoted(profile) is { } unquoted)
            return new OrdersPlan { Refusal = unquoted };
        if (OrderQuestions.NoTime(template, sources, columns) is { } noTime)
            return new OrdersPlan { Refusal = noTime };
        // Where nothing else tells: a program's figures have a point.
        foreach (var column in columns.All.Where(c => c.Amount is { IsOpen: true } && sources.All(s => s.IsTyped)))
            column.Amount!.Decide(DecimalMark.Point);
        var (currency, only, questions) = OpenQuestions(template, columns, options, out var zone);
        List<ColumnJudgement> judged = [.. columns.All.Where(c => c.Scope.Length == 0).Select(c => c.Say(FileOf(files, c.Column)))];
        if (questions.Count > 0)
            return new OrdersPlan { Questions = questions, Columns = judged };

        var orders = new RawOrders(template, files, rows, profile.Apart)
        {
            PutTogether = profile.RepeatedHeaders > 0 || sources.Count > 1,
        };
        var reader = new OrderReader(new OrderCells(template, columns, packed, zone), rows, options, currency);
        var reconciliation = new Reconciliation(template);
        var customers = new CustomerCheck();
        foreach (var raw in orders.Read(cancel))
        {
            cancel.ThrowIfCancellationRequested();
            if (Draft(reader, raw) is not { } draft)
                continue;
            reconciliation.See(draft);
            customers.See(draft);
        }

        // Orders that lie apart in many ways are no exports put together: equal rows of them are equal lines.
        orders.RepeatsAreCopies = orders.Tally.Copies >= 0.9 * orders.Tally.InSeveralRuns;
        var means = reconciliation.Best(template.Field("line", "price")?.Means ?? Means.Unit, template.TaxIncluded);
        means = Answered(options, reconciliation, template, means);
        if (reconciliation.Share(means) < Reconciliation.Enough && !options.Answers.ContainsKey("orders-do-not-add-up"))
            questions.Add(OrderQuestions.DoNotAddUp(
                reconciliation, means, reconciliation.Best(null, Means.Reconcile),
                    template.Field("line", "price")?.Columns is [var first, ..] ? first : null, Currency.Get(currency ?? only ?? "EUR")));
        AskOfCustomers(template, sources, options, customers, questions);
        return new OrdersPlan
        {
            Columns = judged,
            Questions = questions,
            Notices = Noticed(profile, customers, files),
            Reconciled = reconciliation.Share(means),
            profile = profile,
            files = files,
            orders = orders,
            reader = reader,
            template = template,
            options = options,
            only = only,
            builder = new OrderBuilder(template, means, customers.Shared()),
        };
    }

    public override IEnumerable<ReadRow> Read(Figures figures, IRejects rejects, CancellationToken cancel)
    {
        if (Refusal is not null || Questions.Count > 0)
            throw new InvalidOperationException("What cannot be taken, or is asked, is not read.");
        var report = new OrderFigures(template, figures);
        report.Begin();
        figures.Set("rows", profile.Rows[0]);
        figures.Set("repeated_headers", profile.RepeatedHeaders);
        if (profile.TotalsRows > 0)
            figures.Set("totals_rows", profile.TotalsRows);
        var refused = new OrderRejects(template, options, rejects);
        foreach (var raw in orders.Read(cancel))
        {
            cancel.ThrowIfCancellationRequested();
            OrderRow? row;
            try
            {
                var draft = reader.Read(raw);
                if (only is not null && draft.Currency.Code != only)
                    throw new OrderCells.FaultException("other-currency", draft.Currency.Code);
                row = builder.Build(draft, out var sums);
                if (row is null && draft.IsCounted)
                    throw new OrderCells.FaultException("no-time", draft.Id);
                report.See(draft, row, sums);
            }
            catch (OrderCells.FaultException fault)
            {
                refused.Add(raw, fault);
                continue;
            }

            if (row is not null)
                yield return row;
        }

        report.End();
        Tell(figures, refused);
    }

    private void Tell(Figures figures, OrderRejects refused)
    {
        var tally = orders.Tally;
        figures.Set("repeated_rows", tally.RepeatedRows);
        figures.Set("orders_again", tally.Again);
        figures.Set("rows_without_order", tally.RowsOfNone);
        if (files.Lines.Count > 0)
        {
            figures.Set("detail_rows", tally.LineRows);
            figures.Set("item_rows", tally.LineRows);
            figures.Set("lines_without_order", tally.LinesWithoutOrder);
        }

        foreach (var (reason, count) in profile.Faults)
            refused.Count(reason, count);
        if (refused.Reasons.Count > 0)
            figures.Set("rejected", refused.Reasons);
    }

    // Which column names the person may have been answered.
    private static Template Chosen(Template template, ReadingOptions options)
    {
        if (!options.Answers.TryGetValue("one-id-per-order", out var column) || column == "keep"
            || template.Field("order", "customer") is not { } field)
            return template;
        var mail = column.Contains("mail", StringComparison.OrdinalIgnoreCase);
        var order = new Dictionary<string, TemplateField>(template.Block("order").Fields)
        {
            ["customer"] = field
                with
            {
                Columns = [column],
                Treat = mail ? Treatment.Pseudonym : field.Treat,
                As = mail ? Keys.PersonKeyKinds.Email
                : field.As
            },
        };
        return template with
        {
            Blocks = new Dictionary<string,
            TemplateBlock>(template.Blocks)
            { ["order"] = template.Block("order") with { Fields = order } }
        };
    }

    private static (string? Currency, string? Only, List<ReadingQuestion> Questions) OpenQuestions(
        Template template, JudgedColumns columns, ReadingOptions options, out TimeZoneInfo? zone)
    {
        var questions = new List<ReadingQuestion>();
        foreach (var column in columns.All)
            column.Answer(options.Answers);
        var found = (template.Field("order", "currency")?.Columns ?? []).SelectMany(c => columns.Find("", c)?.Words ?? [])
            .Where(c => Currency.TryGet(c, out _)).Distinct().ToList();
        var chosen = options.Currency ?? options.Answers.GetValueOrDefault("currency-needed") ?? template.Currency;
        var only = options.Answers.GetValueOrDefault("currency-mixed");
        CurrencyMarks.Decide(columns.All, found, chosen);
        AskOfFormats(template, columns, questions);
        if (found.Count > 1 && only is null)
            questions.Add(OrderQuestions.CurrencyMixed(found));
        var currency = chosen ?? (found.Count == 1 ? found[0] : only);
        if (!Currency.TryGet(currency, out _) && found.Count == 0)
            questions.Add(OrderQuestions.CurrencyNeeded());
        var named = options.Zone ?? options.Answers.GetValueOrDefault("zone-needed")
            ?? (template.Zone == HomeZone.Word ? HomeZone.Of(found.Count == 1 ? found[0] : currency) : template.Zone);
        zone = named is not null && TimeZoneInfo.TryFindSystemTimeZoneById(named, out var known) ? known : null;
        if (zone is null && columns.OfTime.FirstOrDefault(c => c.Time!.WithoutOffset > 0 && columns.NeedsZone(template, c)) is { } without)
            questions.Add(OrderQuestions.ZoneNeeded(without.Column));
        return (currency, only, questions);
    }

    private static void AskOfFormats(Template template, JudgedColumns columns, List<ReadingQuestion> questions)
    {
        var at = template.Field("order", "at")?.Columns.Select(c => columns.Find("", c)).FirstOrDefault(c => c?.Time is { Filled: > 0 });
        if (at is { Time: { IsOpen: true, Example: { } example } })
            questions.Add(OrderQuestions.TwoReadingsDate(at.Column, example));
        else if (at?.Time is { } decided)
            // The other times of a file are written as the one that matters most.
            columns.OfTime.Where(c => c.Time!.IsOpen).ToList().ForEach(c => c.Time!.Answer(decided.DayFirst));
        var sure = columns.All.FirstOrDefault(c => c.Amount is { IsSure: true });
        foreach (var column in columns.All.Where(c => c.Amount is { IsOpen: true }))
        {
            if (column.IsQuantity)
                column.Amount!.Decide(sure?.Amount!.Mark ?? DecimalMark.Point);
            else
                questions.Add(OrderQuestions.TwoReadingsAmount(column.Column));
        }
    }

    private static MoneyMeans Answered(ReadingOptions options, Reconciliation found, Template template, MoneyMeans means) =>
        options.Answers.GetValueOrDefault("orders-do-not-add-up") switch
        {
            "line" => found.Best(Means.Line, template.TaxIncluded),
            "unit" => found.Best(Means.Unit, template.TaxIncluded),
            _ => means,
        };

    private static void AskOfCustomers(Template template, IReadOnlyList<IRowSource> sources, ReadingOptions options,
        CustomerCheck customers, List<ReadingQuestion> questions)
    {
        if (template.Field("order", "customer") is not { } field || field.Columns.Count == 0)
            return;
        var column = field.Columns.FirstOrDefault(c => sources.Any(s => s.Columns.Contains(c, StringComparer.OrdinalIgnoreCase)))
            ?? field.Columns[0];
        if (customers.NoKeys && !options.Answers.ContainsKey("customers-without-key"))
            questions.Add(OrderQuestions.CustomersWithoutKey(column, customers.Named));
        // Somebody's own address or number is a person's, also of one who came once.
        if (customers.OneEach && field.Treat != Treatment.Pseudonym && !options.Answers.ContainsKey("one-id-per-order"))
            questions.Add(OrderQuestions.OneIdPerOrder(column, sources.SelectMany(s => s.Columns)));
    }

    private static List<ReadingNotice> Noticed(OrderProfile profile, CustomerCheck customers, OrderFiles files)
    {
        var notices = new List<ReadingNotice>();
        if (profile.RepeatedHeaders > 0)
            notices.Add(new ReadingNotice("header-again", FormattableString.Invariant(
                $"The header comes again {profile.RepeatedHeaders:N0} times inside the file: these rows are skipped."),
                profile.RepeatedHeaders.ToString("N0", CultureInfo.InvariantCulture)));
        if (files.Unused.Count > 0)
            notices.Add(new ReadingNotice("unused-file",
                $"{string.Join(", ", files.Unused)} holds no orders and nothing that the template looks up: it is not read.", string.Join(", ", files.Unused)));
        if (customers.Orders > 0 && customers.Named == 0)
            notices.Add(new ReadingNotice("customers-without-key",
                "No order names its customer: all count as guests, in revenue and demand, never in segments or training."));
        return notices;
    }

    private static OrderDraft? Draft(OrderReader reader, RawOrder raw)
    {
        try
        {
            return reader.Read(raw);
        }
        catch (OrderCells.FaultException)
        {
            return null;
        }
    }

    private static int FileOf(OrderFiles files, string column) => files.All.Find(f => f.Map.Place(column) >= 0)?.Index ?? 0;
}
