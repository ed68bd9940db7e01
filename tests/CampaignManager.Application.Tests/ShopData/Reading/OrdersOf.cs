using CampaignManager.Application.ShopData;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>Orders out of the text of files, as an import reads them.</summary>
internal sealed class OrdersOf : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("orders-of-");

    public Figures Figures { get; } = new();

    public SomeRejects Rejects { get; } = new();

    public string? Template { get; private set; }

    public static OrdersOf Files(params string[] texts)
    {
        var files = new OrdersOf();
        for (var i = 0; i < texts.Length; i++)
            File.WriteAllText(Path.Combine(files.folder.FullName, $"{i}.csv"), texts[i]);
        return files;
    }

    public ReadingPlan Plan(string? source = null, string? zone = "UTC", string? currency = null,
        params (string Id, string Answer)[] answers)
    {
        var sources = folder.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => RowSources.Open(f.FullName, f.Name, new SourceOptions(), TestContext.Current.CancellationToken)).ToList();
        var options = new ReadingOptions(zone, currency, false, answers
            .ToDictionary(a => a.Id, a => a.Answer))
        { Keys = new ExpectedFiles.PlainKeys() };
        var book = new TemplateBook();
        var planned = ShopFiles.Plan(
            TemplateKinds.Orders, source is null ? null : book.Find(TemplateKinds.Orders, source), book, sources, options,
                TestContext.Current.CancellationToken);
        Template = planned.Template?.Source;
        return planned.Plan;
    }

    public List<OrderRow> Read(string? source = null, string? zone = "UTC", string? currency = null,
        params (string Id, string Answer)[] answers)
    {
        var plan = Plan(source, zone, currency, answers);
        Assert.Null(plan.Refusal);
        Assert.Equal([], plan.Questions.Select(q => q.Message));
        return [.. plan.Read(Figures, Rejects, TestContext.Current.CancellationToken).Cast<OrderRow>()];
    }

    public void Dispose() => folder.Delete(recursive: true);
}
