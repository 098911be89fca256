from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territories", "0003_professions")]

    operations = [
        migrations.AlterField(
            model_name="epci",
            name="legal_form",
            field=models.CharField(help_text="CC, CA, CU ou Métropole.", max_length=10, verbose_name="nature"),
        ),
    ]
