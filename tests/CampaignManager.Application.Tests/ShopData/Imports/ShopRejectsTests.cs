using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.ShopData.Reading;

namespace CampaignManager.Application.Tests.ShopData.Imports;

/// <summary>What cannot be taken leaves as a file that can be mended and imported again.</summary>
public sealed class ShopRejectsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rejects-").FullName;

    [Fact]
    public void WriteCsv_RowsOfSeveralFiles_HasAllTheirColumnsAndTheMarkLast()
    {
        using var rejects = new ShopRejects(2, Path.Combine(folder, "spool"));
        rejects.Add(new RejectedRow(0, 3, "bad-time", "at: \"never\"", [new("Id", "1"), new("Email", "pABC")]));
        rejects.Add(new RejectedRow(1, 0, "no-order", null, [new("Id", "2"), new("Sku", "=a,b")]));
        rejects.Add(new RejectedRow(1, 1, "no-order", null, [new("Id", "3")]));

        var csv = Path.Combine(folder, "out.csv");
        rejects.WriteCsv(csv);

        Assert.Equal(
            ["Id,Email,Sku,reject_reason,reject_detail,reject_row", "1,pABC,,bad-time,\"at: \"\"never\"\"\",3", "2,,\"'=a,b\",no-order,,0"], File.ReadAllLines(csv));
        Assert.Equal((3, 2), (rejects.Count, rejects.Written));
        Assert.Equal(2, rejects.Reasons["no-order"]);
        Assert.Equal([0L, 1L], rejects.Examples["no-order"].Select(e => e.Row));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
