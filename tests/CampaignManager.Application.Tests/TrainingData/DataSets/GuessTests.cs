using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

public class GuessTests
{
    [Theory]
    [InlineData("f0,treatment,conversion,visit,exposure\n1.5,0,0,0,0\n2.5,1,1,1,1\n3.5,1,0,1,0\n", "treatment", "0", "1", "conversion:binary visit:binary", "f0")]
    [InlineData("用户编号,分组,是否购买,消费金额,年龄\na,对照组,0,0,30\nb,实验组,1,88.5,31\nc,实验组,0,0,30\n", "分组", "对照组", "实验组", "是否购买:binary 消费金额:money", "年龄")]
    [InlineData("arm,price_group,sales\ncontrol,low,0\nmail,high,2\nmail,low,3\n", "arm", "control", "mail", "sales:money", "price_group")]
    [InlineData("age,treatment,bought\n30,none,0\n31,coupon,1\n32,coupon,0\n", "treatment", "none", "coupon", "bought:binary", "age")]
    [InlineData("age,treatment,bought\n30,control,0\n31,coupon,1\n32,none,0\n", "treatment", "control", "coupon", "bought:binary", "age")]
    [InlineData("arm,membership,bought\ncontrol,None,0\nmail,gold,1\nmail,None,0\n", "arm", "control", "mail", "bought:binary", "membership")]
    [InlineData("age,town\n30,Rome\n31,Paris\n", "", "", "", "", "age town")]
    public async Task Guess_ByNamesAndValues_FindsTheParts(string text, string treatment, string control, string arms, string outcomes, string features)
    {
        var (mapping, header) = await GuessAsync(text);

        Assert.Equal((treatment, control, arms), (mapping.Treatment.Column, mapping.Treatment.Control, string.Join(' ', mapping.Treatment.Arms)));
        Assert.Equal(outcomes, string.Join(' ', mapping.Outcomes.Select(o => $"{o.Column}:{o.Kind}")));
        Assert.Equal(features.Split(' '), mapping.Features ?? [.. header.Except(mapping.Outcomes.Select(o => o.Column)).Except([treatment, mapping.CustomerId ?? ""])]);
    }

    [Fact]
    public async Task Guess_DirtyOutcome_IsStillNoFeature()
    {
        var rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"{(i % 2 == 0 ? "control" : "mail")},{(i == 3 ? "maybe" : "1")},{(i == 5 ? "x" : "9.5")},{(i % 2 == 0 ? "?" : "a lot")}{i}\n"));

        var (mapping, _) = await GuessAsync("arm,purchase,revenue,profit\n" + rows);

        Assert.Equal(["purchase binary", "revenue money"], mapping.Outcomes.Select(o => $"{o.Column} {o.Kind}"));
        Assert.Equal([], mapping.Features!);
    }

    private static async Task<(DataSetMapping Mapping, IReadOnlyList<string> Header)> GuessAsync(string text)
    {
        await using var room = new AnImportRoom();
        var id = await room.UploadAsync(text);
        var look = (await room.Imports.InspectAsync(AnImportRoom.Marketer, id, TestContext.Current.CancellationToken)).Value;
        return (look.Mapping, [.. look.File.Columns.Select(c => c.Name)]);
    }
}
