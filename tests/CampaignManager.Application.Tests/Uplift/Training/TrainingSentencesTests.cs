using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Uplift.Learners.Auto;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class TrainingSentencesTests
{
    [Fact]
    public void Choice_MembersOfHardlyAnyWeight_AreNotNamed()
    {
        CandidateReport[] candidates = [Candidate("rule", 0.004), Candidate("s-trees", 0.29), Candidate("t-trees", 0.7), Candidate("x-linear", 0.006)];

        var sentence = TrainingSentences.Of("email", new AutoReport(candidates, 0.02, 1, 4, 0.0001, 2, 5000));

        Assert.Equal("email: customers differ (p < 0.001); average of t-trees=0.70 s-trees=0.29 x-linear=0.01.", sentence.Text);

        static CandidateReport Candidate(string name, double weight) => new(name, 0, 0, 0, 0, weight);
    }
}
