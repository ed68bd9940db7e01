using System.Text;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData;
using CampaignManager.Application.ShopData.Reading;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.Tests.ShopData.Sources;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>Files read as an import of a kind reads them, by their headers alone.</summary>
internal sealed record AReading(IReadOnlyList<ReadRow> Rows, Figures Found, IReadOnlyList<RejectedRow> Rejected, string? Code, string? Sentence)
{
    public static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static AReading Text(string kind, params string[] files) => Of(kind, zone: null, currency: null, [.. files.Select(Encoding.UTF8.GetBytes)]);

    public static AReading Of(string kind, string? zone, string? currency, params byte[][] files) =>
        Of(kind, new ReadingOptions(zone, currency, false, new Dictionary<string, string>()) { Keys = new ExpectedFiles.PlainKeys(), Time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now) }, files);

    public static AReading Of(string kind, ReadingOptions options, params byte[][] files)
    {
        var opened = files.Select(f => new AFile(f)).ToList();
        try
        {
            var (found, rejects) = (new Figures(), new Kept());
            try
            {
                var planned = ShopFiles.Plan(kind, null, new TemplateBook(), [.. opened.Select(f => f.Open())], options, TestContext.Current.CancellationToken);
                if (planned.Plan.Refusal is { } refusal)
                    return new AReading([], found, [], refusal.Code, refusal.Message);
                if (planned.Plan.Questions is [var question, ..])
                    return new AReading([], found, [], question.Code, question.Message);
                return new AReading([.. planned.Plan.Read(found, rejects, TestContext.Current.CancellationToken)], found, rejects.Rows, null, null);
            }
            catch (ImportRefusedException refused)
            {
                return new AReading([], found, [], refused.Code, refused.Message);
            }
        }
        finally
        {
            opened.ForEach(f => f.Dispose());
        }
    }

    public IEnumerable<T> All<T>()
        where T : ReadRow => Rows.OfType<T>();

    public T Only<T>()
        where T : ReadRow => Assert.Single(All<T>());

    private sealed class Kept : IRejects
    {
        public List<RejectedRow> Rows { get; } = [];

        public void Add(RejectedRow row) => Rows.Add(row);
    }
}
